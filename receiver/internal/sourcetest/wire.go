package sourcetest

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
)

// canary is in everything that must not be in an error.
const canary = "canary"

// maxRequests is more than any check needs.
const maxRequests = 3000

var errEndless = errors.New("the reader does not stop asking")

// wire is the transport between a reader and a server. It is for one reader at a time.
type wire struct {
	server   http.Handler
	requests []string // paths with queries
	origins  map[string]bool

	before func(n int)            // if set, called before request n is handled; they count from 1 since the last forget
	spoil  func(n int, _ *answer) // if set, may change the answer to request n
	hold   int                    // the request that is held until its context is done, or until let go
	held   chan struct{}          // closed when it is held
	letGo  chan struct{}          // closed to let it go
}

// answer is an answer on its way to the reader.
type answer struct {
	status int
	header http.Header
	body   []byte
	cut    bool  // the connection breaks after the body
	err    error // there is no answer
}

func (w *wire) forget() { w.requests = nil }

// RoundTrip implements http.RoundTripper.
func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	w.requests = append(w.requests, req.URL.RequestURI())
	w.origins[req.URL.Scheme+"://"+req.URL.Host] = true
	n := len(w.requests)
	if n > maxRequests {
		return nil, errEndless
	}
	if n == w.hold {
		close(w.held)
		select {
		case <-req.Context().Done():
			return nil, req.Context().Err()
		case <-w.letGo:
		}
	}
	if w.before != nil {
		w.before(n)
	}
	a := ask(w.server, req)
	if w.spoil != nil {
		w.spoil(n, &a)
	}
	if a.err != nil {
		return nil, a.err
	}
	return a.response(req), nil
}

// Transport is a transport that ends in a server of the same process, for the tests of what is special to a provider.
func Transport(server http.Handler) http.RoundTripper { return direct{server} }

type direct struct{ server http.Handler }

func (d direct) RoundTrip(req *http.Request) (*http.Response, error) {
	return ask(d.server, req).response(req), nil
}

// ask lets a server answer, and adds a token to the request.
func ask(server http.Handler, req *http.Request) answer {
	asked := req.Clone(req.Context())
	asked.Host = req.URL.Host
	asked.Header.Set("Authorization", "Bearer "+canary)
	if asked.URL.Scheme == "https" {
		asked.TLS = &tls.ConnectionState{} // servers make their links from it
	}
	recorder := httptest.NewRecorder()
	server.ServeHTTP(recorder, asked)
	return answer{status: recorder.Code, header: recorder.Header().Clone(), body: recorder.Body.Bytes()}
}

func (a answer) response(req *http.Request) *http.Response {
	a.header.Del("Content-Length") // of what it was before it was spoilt
	resp := &http.Response{
		StatusCode: a.status, Status: http.StatusText(a.status), Header: a.header, Request: req,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, ContentLength: int64(len(a.body)),
	}
	var body io.Reader = bytes.NewReader(a.body)
	if a.cut {
		resp.ContentLength++
		body = io.MultiReader(body, broken{})
	}
	resp.Body = io.NopCloser(body)
	return resp
}

// broken is the end of a body whose connection is gone.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
