package auth0

import (
	"net/http"
	"regexp"
	"strings"
)

// term is one condition of q: field:"text", field:word or field:[from TO to].
type term struct {
	sent  string // as it was sent
	field string
	text  string
	span  *span // nil of a text
}

// termPattern is a term at the beginning of a text: what the emulator knows of Lucene's syntax (auth0 docs: "Log search
// query syntax", "User search query syntax").
var termPattern = regexp.MustCompile(`^([A-Za-z_.]+):(?:"((?:[^"\\]|\\.)*)"|([\[{])\s*(\S+)\s+TO\s+(\S+?)\s*([\]}])|([^\s"()\[\]{}]+))`)

// unescaped takes back the escapes within quotation marks.
var unescaped = strings.NewReplacer(`\\`, `\`, `\"`, `"`)

// parseTerms splits q into its terms: joined by AND, with parentheses as one likes. If q is anything else, the error
// says what cannot be read, and known says what could have been.
func parseTerms(q, known string) ([]term, *apiError) {
	if strings.TrimSpace(q) == "" {
		return nil, nil
	}
	var terms []term
	for r := (termReader{rest: q}); ; {
		r.skip('(', 1)
		t, ok := r.term()
		if !ok {
			return nil, errSearch(r.rest, known)
		}
		terms = append(terms, t)
		r.skip(')', -1)
		switch {
		case r.rest == "" && r.depth == 0:
			return terms, nil
		case !r.and():
			return nil, errSearch(r.rest, known)
		}
	}
}

func errSearch(unread, known string) *apiError {
	e := newError(http.StatusBadRequest, "The emulator understands in q only "+known+", joined by AND; not "+unread, "invalid_query")
	return &e
}

// termReader is what is left of q, and how many parentheses are open.
type termReader struct {
	rest  string
	depth int
}

// skip goes over parentheses of one kind, each of which changes the depth so.
func (r *termReader) skip(parenthesis byte, by int) {
	for r.rest = strings.TrimSpace(r.rest); r.rest != "" && r.rest[0] == parenthesis && r.depth+by >= 0; r.rest = strings.TrimSpace(r.rest) {
		r.rest = r.rest[1:]
		r.depth += by
	}
}

func (r *termReader) term() (term, bool) {
	m := termPattern.FindStringSubmatch(r.rest)
	if m == nil {
		return term{}, false
	}
	t := term{sent: m[0], field: m[1], text: unescaped.Replace(m[2]) + m[7]}
	if m[3] != "" {
		s, ok := parseSpan(m[3], m[4], m[5], m[6])
		if !ok {
			return term{}, false
		}
		t.span = &s
	}
	r.rest = r.rest[len(m[0]):]
	return t, true
}

func (r *termReader) and() bool {
	rest, ok := strings.CutPrefix(r.rest, "AND")
	if !ok || rest == "" || rest[0] != ' ' && rest[0] != '(' {
		return false
	}
	r.rest = rest
	return true
}
