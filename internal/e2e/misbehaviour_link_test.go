//go:build e2e

package e2e

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// TestMisbehaviourOfLinksEndsTheWalkAndNothingElse covers links to the next page that do not come to an end.
func TestMisbehaviourOfLinksEndsTheWalkAndNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, all()...)
	const circle, endless = "lead round in a circle", "never end and bring no events"
	on := []string{"canvas"}
	successor := func(n int) int { return n + 1 }
	w.endureAll(w.forAll([]misbehaviour{
		{name: "a page that links to itself", systems: on, told: circle, how: alike(leads(func(int) int { return 1 }, false)), over: comesBack},
		{name: "links in a circle of three", systems: on, told: circle, how: alike(leads(func(n int) int { return n%3 + 1 }, false)), over: comesBack},
		{name: "empty pages in a circle of three", systems: on, told: circle, how: alike(leads(func(n int) int { return n%3 + 1 }, true)), over: comesBack},
		{name: "ever new links to events that were met", systems: on, told: endless, how: alike(leads(successor, false)), over: comesBack},
		{name: "ever new links to no events", systems: on, told: endless, how: alike(leads(successor, true)), over: comesBack},
		{name: "a link of 1 MB", systems: on, told: "longer than", how: alike(linkedAlways(func(self string) []string {
			return []string{"<" + self + "?page=" + strings.Repeat("x", 1<<20-4096) + `>; rel="next"`}
		}))},
		{name: "20,000 links", systems: on, told: "longer than", how: alike(linkedAlways(func(self string) []string {
			links := make([]string, 20_000)
			for i := range links {
				links[i] = `<` + self + `>; rel="x"`
			}
			return []string{strings.Join(links, ",")}
		}))},
		{name: "a link that is not closed", systems: on, told: "Link header", how: alike(linkedAlways(func(self string) []string {
			return []string{"<" + self + `; rel="next"`}
		}))},
		{name: "a link without a target", how: alike(linkedAlways(func(string) []string { return []string{`; rel="prev"`} })), systems: on, told: "Link header"},
		{name: "two next links that are the same", systems: on, how: alike(linked(func(link string) []string { return []string{link, link} }))},
	}), 48)
}

// leads answers every request as if it were for the newest page, or with none of its events, and links to another page:
// number n to number next(n), the first one being 0.
func leads(next func(int) int, empty bool) spoiler {
	return func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		query := r.URL.Query()
		n, _ := strconv.Atoi(strings.TrimPrefix(query.Get("page"), astrayPage)) // 0 if there is none
		query.Del("page")
		first := r.Clone(r.Context())
		first.URL.RawQuery = query.Encode()
		answer := httptest.NewRecorder()
		api.ServeHTTP(answer, first)
		body := answer.Body.String()
		if empty {
			body = `{"links":{},"events":[],"linked":{}}`
		}
		w.Header().Set("Content-Type", answer.Header().Get("Content-Type"))
		w.Header().Set("Date", answer.Header().Get("Date"))
		query.Set("page", astrayPage+strconv.Itoa(next(n)))
		w.Header().Set("Link", "<"+selfOf(r, query)+`>; rel="next"`)
		w.WriteHeader(answer.Code)
		_, _ = w.Write([]byte(body))
	}
}

// astrayPage begins the bookmarks that only leads knows.
const astrayPage = "astray:"

// comesBack lets the API answer. A walk that still follows a link of leads gets the newest page, with a link that is right.
func comesBack(w http.ResponseWriter, r *http.Request, api http.Handler) {
	if query := r.URL.Query(); strings.HasPrefix(query.Get("page"), astrayPage) {
		query.Del("page")
		r = r.Clone(r.Context())
		r.URL.RawQuery = query.Encode()
	}
	api.ServeHTTP(w, r)
}

// linkedAlways puts a header with links into every answer. It gets the URL of the page without its query.
func linkedAlways(links func(self string) []string) spoiler {
	return func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		altered(func(header http.Header, body []byte) []byte {
			header["Link"] = links(selfOf(r, nil))
			return body
		})(w, r, api)
	}
}

// selfOf is the URL of what was asked for, with another query.
func selfOf(r *http.Request, query url.Values) string {
	return (&url.URL{Scheme: "http", Host: r.Host, Path: r.URL.Path, RawQuery: query.Encode()}).String()
}
