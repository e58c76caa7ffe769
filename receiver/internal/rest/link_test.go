package rest

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLinkHeadersAreRead(t *testing.T) {
	for name, c := range map[string]struct {
		header []string
		next   []string
	}{
		"none":                        {nil, nil},
		"empty":                       {[]string{"", " ", ",, ,"}, nil},
		"one":                         {[]string{`<https://a.example/?p=2>; rel="next"`}, []string{"https://a.example/?p=2"}},
		"without quotes":              {[]string{`<?p=2>;rel=next`}, []string{"?p=2"}},
		"with spaces everywhere":      {[]string{" \t<?p=2> ;\trel = \"next\" , <?p=1>; rel=prev "}, []string{"?p=2"}},
		"names in any case":           {[]string{`<?p=2>; REL="Next"`}, []string{"?p=2"}},
		"as Canvas sends them":        {[]string{`<?page=first>; rel="current",<?page=bookmark:WyJh>; rel="next",<?page=first>; rel="first"`}, []string{"?page=bookmark:WyJh"}},
		"several headers":             {[]string{`<?p=1>; rel="prev"`, `<?p=2>; rel="next"`}, []string{"?p=2"}},
		"several rels":                {[]string{`<?p=2>; rel="last  next"`, "<?p=3>; rel=\"next\tlast\""}, []string{"?p=2", "?p=3"}},
		"several rels without quotes": {[]string{`<?p=2>; rel=next last, <?p=3>; rel=last`}, []string{"?p=2"}},
		"a rel that contains it":      {[]string{`<?p=2>; rel="next-archive", <?p=3>; rel="https://a.example/next"`}, nil},
		"an escaped quote":            {[]string{`<?p=2>; title="\", <?p=9>; rel=next, \\"; rel="n\ext"`}, []string{"?p=2"}},
		"commas and semicolons in it": {[]string{`<?a=1,2;b="3">; rel="next"; title="<?p=9>; rel=next, x"`}, []string{`?a=1,2;b="3"`}},
		"other parameters": {
			[]string{`<?p=2>; title*=UTF-8''n%c3%a4; crossorigin; hreflang=de; rel="next"; type="application/json";`},
			[]string{"?p=2"},
		},
		"no parameters":                {[]string{`<?p=2>, <?p=3>;, <?p=4>;;rel=next`}, []string{"?p=4"}},
		"the first rel counts":         {[]string{`<?p=2>; rel=prev; rel=next`, `<?p=3>; rel; rel=next`, `<?p=4>; rel=next; rel=prev`}, []string{"?p=4"}},
		"of another page":              {[]string{`<?p=2>; rel=next; anchor="/other"`, `<?p=3>; Anchor="#x"; rel=next`}, nil},
		"the other direction":          {[]string{`<?p=2>; rev="next"`}, nil},
		"no target":                    {[]string{`<>; rel=next`}, []string{""}},
		"two":                          {[]string{`<?p=2>; rel=next,<?p=3>; rel=next`}, []string{"?p=2", "?p=3"}},
		"as long as it may be":         {[]string{`<?` + strings.Repeat("x", maxLink-13) + `>; rel=next`}, []string{"?" + strings.Repeat("x", maxLink-13)}},
		"many that are no next":        {[]string{strings.Repeat(`<?p=1>; rel=x,`, 4000) + `<?p=2>; rel=next`}, []string{"?p=2"}},
		"an equals sign and no value":  {[]string{`<?p=2>; rel=, <?p=3>; rel=next`}, []string{"?p=3"}},
		"bytes that are no characters": {[]string{"<?p=\xff>; title=\"\xfe\"; rel=next"}, []string{"?p=\xff"}},
	} {
		t.Run(name, func(t *testing.T) {
			all, err := links(http.Header{"Link": c.header})
			require.NoError(t, err)
			var next []string
			for _, l := range all {
				if l.is("next") {
					next = append(next, l.target)
				}
			}
			assert.Equal(t, c.next, next)
		})
	}
}

// Where it is not clear where a link ends, the next one may be lost.
func TestLinkHeadersThatCannotBeRead(t *testing.T) {
	for name, header := range map[string][]string{
		"no angle brackets":              {`?p=2; rel="next"`},
		"text before":                    {`x <?p=2>; rel="next"`},
		"never closed":                   {`<?p=2; rel="next"`},
		"a quote never closed":           {`<?p=2>; rel="next`},
		"a quote that ends in backslash": {`<?p=2>; rel="next\`},
		"text behind the target":         {`<?p=2> rel="next"`},
		"text behind a value":            {`<?p=2>; rel="next" x`},
		"the second":                     {`<?p=2>; rel="next", x`},
		"the second header":              {`<?p=2>; rel="next"`, `x`},
		"too long":                       {`<?` + strings.Repeat("x", maxLink-12) + `>; rel=next`},
		"too long together":              {strings.Repeat(" ", maxLink), `<?p=2>; rel=next`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := links(http.Header{"Link": header})
			require.Error(t, err)
			assert.NotContains(t, err.Error(), "p=2")
			assert.Less(t, len(err.Error()), 100)
		})
	}
}
