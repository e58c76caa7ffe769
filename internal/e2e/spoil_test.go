//go:build e2e

package e2e

import (
	"bytes"
	"maps"
	"net/http"
	"net/http/httptest"
)

// answers sends the same answer to every request.
func answers(status int, header http.Header, body string) spoiler {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		maps.Copy(w.Header(), header)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body)) // fails if the collector is gone
	}
}

// redirects leads every request to another origin, with the path and query that it has.
func redirects(status int, origin string) spoiler {
	return func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		w.Header().Set("Location", origin+r.URL.RequestURI())
		w.WriteHeader(status)
	}
}

// echoes fails with what the request said of itself, as some proxies do.
func echoes(status int) spoiler {
	return func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(`{"message":"you sent ` + r.Header.Get("Authorization") + `"}`))
	}
}

// altered lets the API answer, and changes the answer.
func altered(change func(header http.Header, body []byte) []byte) spoiler {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		body := change(answer.Header(), bytes.Clone(answer.Body.Bytes()))
		maps.Copy(w.Header(), answer.Header())
		w.WriteHeader(answer.Code)
		_, _ = w.Write(body)
	}
}

// linked changes the header with the link to the next page.
func linked(change func(link string) []string) spoiler {
	return altered(func(header http.Header, body []byte) []byte {
		if link := header.Get("Link"); link != "" {
			header["Link"] = change(link)
		}
		return body
	})
}
