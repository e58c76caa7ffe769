package rest

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

const userPath = "/api/v1/users/7%7C" + canaryUser + "/logs"

// next asks for the request that follows one of a user's logs.
func next(t *testing.T, header ...string) (Request, bool, error) {
	t.Helper()
	client := newClient(t, "https://lms.example.com", nil)
	req := Request{Op: "GET /api/v1/users/{id}/logs", Path: userPath, Query: url.Values{"per_page": {"100"}}}
	return client.Next(req, Response{Header: http.Header{"Link": header}})
}

// A link is taken up if it leads to where the request before went. Its query is opaque.
func TestNextLinkIsTakenUp(t *testing.T) {
	const same = "https://lms.example.com" + userPath
	for name, c := range map[string]struct{ target, query string }{
		"absolute":               {same + "?page=2", "page=2"},
		"with the scheme's port": {"https://lms.example.com:443" + userPath + "?page=2", "page=2"},
		"in another case":        {"HTTPS://LMS.Example.COM" + userPath + "?page=2", "page=2"},
		"without a scheme":       {"//lms.example.com" + userPath + "?page=2", "page=2"},
		"a path":                 {userPath + "?page=2", "page=2"},
		"a query":                {"?page=2", "page=2"},
		"the last of the path":   {"logs?page=2", "page=2"},
		"dots":                   {"../7%7C" + canaryUser + "/./logs?page=2", "page=2"},
		"a fragment":             {"?page=2#x?y", "page=2"},
		"no query":               {same, ""},
		"the page itself":        {"", "per_page=100"},
		"a query that must stay as it is": {
			`?page=bookmark:WyJh%2b==&b=%7e&&c;d=,"ä+?/:@%`, `page=bookmark:WyJh%2b==&b=%7e&&c;d=,"ä+?/:@%`,
		},
		"a parameter that sounds like one": {"?page_token=2&token_type=x&passwords=y", "page_token=2&token_type=x&passwords=y"},
	} {
		t.Run(name, func(t *testing.T) {
			req, more, err := next(t, `<`+c.target+`>; rel="next"`)
			require.NoError(t, err)
			assert.True(t, more)
			assert.Equal(t, "GET /api/v1/users/{id}/logs", req.Op)
			assert.Equal(t, userPath, req.Path)
			assert.Empty(t, req.Query)
			assert.Equal(t, c.query, req.RawQuery)
		})
	}
}

func TestNoNextLinkIsNoError(t *testing.T) {
	for _, header := range [][]string{nil, {""}, {`<https://evil.example/?page=1>; rel="prev"`}} {
		req, more, err := next(t, header...)
		require.NoError(t, err)
		assert.False(t, more)
		assert.Empty(t, req.Path)
	}
}

func TestNextLinkThatIsRefused(t *testing.T) {
	const (
		query  = "?page=" + canaryBody
		origin = "leads to another origin than the configured endpoint"
		path   = "leads to another path than the one that was asked for"
		unread = "cannot be read"
	)
	for name, c := range map[string]struct{ link, text string }{
		"another host":            {"<https://evil.example" + userPath + query + ">; rel=next", origin + " (https, evil.example): does the server know its own public address?"},
		"another host below":      {"<https://lms.example.com.evil.example" + userPath + query + ">; rel=next", origin},
		"another port":            {"<https://lms.example.com:8443" + userPath + query + ">; rel=next", "(https, lms.example.com:8443)"},
		"the scheme down":         {"<http://lms.example.com" + userPath + query + ">; rel=next", "(http, lms.example.com)"},
		"the scheme down, 443":    {"<http://lms.example.com:443" + userPath + query + ">; rel=next", origin},
		"another scheme":          {"<ftp://lms.example.com" + userPath + query + ">; rel=next", "(another scheme, lms.example.com)"},
		"no host":                 {"<https:" + userPath + query + ">; rel=next", "(https, no host)"},
		"no path":                 {"<javascript:" + canaryBody + ">; rel=next", "(another scheme, no host)"},
		"a host without a scheme": {"<//evil.example" + userPath + query + ">; rel=next", origin},
		"a user":                  {"<https://" + canaryUser + "@lms.example.com" + userPath + query + ">; rel=next", "a user name or a password"},
		"a user and password":     {"<//u:" + canaryToken + "@lms.example.com" + userPath + query + ">; rel=next", "a user name or a password"},
		"a user elsewhere":        {"<https://u:" + canaryToken + "@evil.example/>; rel=next", "a user name or a password"},
		"a strange host":          {"<https://%E2%80%AE" + canaryToken + "/>; rel=next", "(https, a host of no sensible name)"},
		"a long host":             {"<https://" + strings.Repeat("a", 300) + "/>; rel=next", "(https, a host of no sensible name)"},
		"another user":            {"</api/v1/users/8/logs" + query + ">; rel=next", path},
		"another user by dots":    {"</api/v1/users/7%7C" + canaryUser + "/../8/logs" + query + ">; rel=next", path},
		"another user, relative":  {"<../8/logs" + query + ">; rel=next", path},
		"dots that are escaped":   {"<" + userPath + "/%2e%2e/logs" + query + ">; rel=next", path},
		"the path's beginning":    {"</api/v1/users" + query + ">; rel=next", path},
		"a longer path":           {"<" + userPath + "/" + query + ">; rel=next", path},
		"a slash more":            {"<https://lms.example.com/" + userPath + query + ">; rel=next", path},
		"a slash that is escaped": {"<" + strings.Replace(userPath, "/logs", "%2Flogs", 1) + query + ">; rel=next", path},
		"backslashes":             {`<\\evil.example` + query + ">; rel=next", path},
		"a slash and a backslash": {`</\evil.example` + query + ">; rel=next", path},
		"a relative path":         {"<page" + query + ">; rel=next", path},
		"a token":                 {"<" + userPath + query + "&access_token=" + canaryToken + ">; rel=next", "carries credentials"},
		"a token, escaped":        {"<" + userPath + "?%61ccess%5Ftoken=" + canaryToken + ">; rel=next", "carries credentials"},
		"a token in capitals":     {"<" + userPath + "?Access_Token=" + canaryToken + ">; rel=next", "carries credentials"},
		"a token after a ;":       {"<" + userPath + "?a;access_token=" + canaryToken + ">; rel=next", "carries credentials"},
		"an empty token":          {"<" + userPath + "?access_token>; rel=next", "carries credentials"},
		"a client's secret":       {"<" + userPath + "?client_secret=" + canaryToken + ">; rel=next", "carries credentials"},
		"a key":                   {"<" + userPath + "?page=2&api_key=" + canaryToken + ">; rel=next", "carries credentials"},
		"no URL":                  {"<https://[" + canaryToken + ">; rel=next", unread},
		"a port that is none":     {"<https://lms.example.com:" + canaryToken + "/>; rel=next", unread},
		"an escape that is none":  {"<https://lms.example.com/%zz" + canaryToken + ">; rel=next", unread},
		"a space":                 {"<" + userPath + "?page=2 HTTP/1.1>; rel=next", unread},
		"a tab":                   {"<" + userPath + "?page=2\tHTTP/1.1>; rel=next", unread},
		"a line break":            {"<" + userPath + "?page=2\r\nX: y>; rel=next", unread},
		"two":                     {"<?page=2>; rel=next,<?page=" + canaryBody + ">; rel=next", "two next links that differ"},
		"one, and no query":       {"<?page=2>; rel=next,<" + userPath + ">; rel=next", "two next links that differ"},
		"no query, and one":       {"<" + userPath + ">; rel=next,<?page=2>; rel=next", "two next links that differ"},
		"a good and a bad one":    {"<?page=2>; rel=next,<//evil.example/>; rel=next", origin},
		"no link":                 {canaryBody, unread},
		"one that is long":        {"<?page=" + strings.Repeat("x", 1<<20) + ">; rel=next", "longer than 65536 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			req, more, err := next(t, c.link)
			requireSilent(t, err, source.Unreadable)
			require.ErrorContains(t, err, "GET /api/v1/users/{id}/logs: ")
			require.ErrorContains(t, err, c.text)
			assert.NotContains(t, err.Error(), "page=")
			assert.Less(t, len(err.Error()), 250)
			assert.False(t, more)
			assert.Empty(t, req.Path)
		})
	}
}

func TestNextLinkThatIsGivenTwice(t *testing.T) {
	req, more, err := next(t, `<?page=2>; rel=next`, `<https://lms.example.com`+userPath+`?page=2#again>; rel="last next"`)
	require.NoError(t, err)
	assert.True(t, more)
	assert.Equal(t, "page=2", req.RawQuery)
}

// Canvas answers a request for users/self with links to the user's number (authentication_audit_api_controller.rb:
// the links are made of the record that was found, not of the request). What is asked for stays as it was.
func TestNextLinkByTheAPIsOwnNameOfTheThing(t *testing.T) {
	client := newClient(t, "https://lms.example.com", nil)
	req := Request{Op: "GET", Path: "/users/self", LinkedAs: func(path string) bool { return path == "/users/7%7C8" }}
	for target, taken := range map[string]bool{
		"/users/7%7C8?page=2": true, "/users/self?page=2": true, "/users/9?page=2": false, "//evil.example/users/7%7C8?page=2": false,
	} {
		got, more, err := client.Next(req, Response{Header: http.Header{"Link": {"<" + target + ">; rel=next"}}})
		assert.Equal(t, taken, more, target)
		if !taken {
			requireSilent(t, err, source.Unreadable)
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, "/users/self", got.Path)
		assert.Equal(t, "page=2", got.RawQuery)
		assert.NotNil(t, got.LinkedAs, "for the link after it")
	}
}

// A walk over the wire: every page leads to the next one, whose query arrives as the page before told it.
func TestWalkByLinks(t *testing.T) {
	pages := []string{"per_page=2", "page=bookmark:WyJh%2b==&x=%7e", `page=b,c;d="é"'&&=`, ""}
	var asked []string
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, query, _ := strings.Cut(r.RequestURI, "?")
		asked = append(asked, query)
		if len(asked) < len(pages) {
			w.Header()["LINK"] = []string{
				fmt.Sprintf(`<http://%s%s?%s>; rel="current",<http://%s%[2]s?%[5]s>; rel="next"`, r.Host, r.URL.EscapedPath(), query, r.Host, pages[len(asked)]),
			}
		}
	})
	client := newClient(t, server.URL, nil)
	req := Request{Op: "GET", Path: userPath, Query: url.Values{"per_page": {"2"}}}
	for more := true; more; {
		resp, err := client.Get(t.Context(), req)
		require.NoError(t, err)
		req, more, err = client.Next(req, resp)
		require.NoError(t, err)
	}
	assert.Equal(t, pages, asked)
}

func TestQueryComesBeforeARawQuery(t *testing.T) {
	client := newClient(t, "https://lms.example.com", nil)
	for want, r := range map[string]Request{
		"https://lms.example.com/x":        {Path: "/x"},
		"https://lms.example.com/x?b=%7e":  {Path: "/x", RawQuery: "b=%7e"},
		"https://lms.example.com/x?b=2":    {Path: "/x", RawQuery: "b=2", Query: url.Values{}},
		"https://lms.example.com/x?a=%257": {Path: "/x", RawQuery: "b=2", Query: url.Values{"a": {"%7"}}},
	} {
		assert.Equal(t, want, client.url(r))
	}
}

// Whatever a server links to, the request after it goes to where the one before went, and nothing is quoted.
func FuzzNextLink(f *testing.F) {
	for _, s := range []string{
		`<https://lms.example.com/x/y?page=2>; rel="next"`, `<?p=2>;rel=next,<?p=3>;rel=prev`, `<//evil.example/x/y>; rel=next`,
		`<https://u:p@lms.example.com/x/y>; rel=next`, `<http://lms.example.com/x/y>; rel=next`, `<>; rel=next`, `<#>; rel="last next"`,
		`<../x/y?a=%zz&b;c>; rel=next; title="a\"b,<?p=9>; rel=next"`, `</x%2Fy>; rel=next`, `<?access_token=x>; rel=next`, `,,;`, `<`, `<?p= >;rel=next`,
		"<?p=\x7f>;rel=next", "<?p=\xff>;rel=next", `<\\evil.example/x/y>;rel=next`, `<https:/x/y>;rel=next`,
	} {
		f.Add(s, "")
		f.Add(`<?p=2>;rel=next`, s)
	}
	origin, err := url.Parse("https://lms.example.com")
	require.NoError(f, err)
	client := New(Settings{HTTP: &http.Client{Transport: http.NewFileTransport(nil)}, Origin: origin})
	before := Request{Op: "GET", Path: "/x/y", Query: url.Values{"p": {"1"}}}
	f.Fuzz(func(t *testing.T, first, second string) {
		req, more, err := client.Next(before, Response{Header: http.Header{"Link": {first, second}}})
		if err != nil {
			requireSilent(t, err, source.Unreadable)
			strange := func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsPrint(r) }
			require.False(t, more || strings.ContainsFunc(err.Error(), strange), err)
			return
		}
		if !more {
			return
		}
		sent, err := http.NewRequest(http.MethodGet, client.url(req), nil)
		require.NoError(t, err)
		require.Equal(t, "https://lms.example.com/x/y", sent.URL.Scheme+"://"+sent.URL.Host+sent.URL.EscapedPath())
		require.Equal(t, req.RawQuery, sent.URL.RawQuery)
		require.True(t, req.RawQuery == "p=1" || strings.Contains(first+"\n"+second, req.RawQuery), "byte for byte")
		require.NotContains(t, sent.URL.RequestURI(), " ", "the request line")
		again, more, err := client.Next(req, Response{Header: http.Header{"Link": {"<" + sent.URL.String() + ">; rel=next"}}})
		require.NoError(t, err)
		require.True(t, more)
		require.Equal(t, req.RawQuery, again.RawQuery)
	})
}
