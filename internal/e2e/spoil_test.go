//go:build e2e

package e2e

import (
	"bytes"
	"compress/gzip"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"time"
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

// breaks lets the API answer, and breaks the connection off in the middle of the body, of which the head told the length.
func breaks(w http.ResponseWriter, r *http.Request, next http.Handler) {
	altered(func(header http.Header, body []byte) []byte {
		header.Set("Content-Length", strconv.Itoa(len(body)+100))
		return body
	})(w, r, next)
	_ = http.NewResponseController(w).Flush() // fails if the collector is gone
	panic(http.ErrAbortHandler)
}

// written answers with bytes of its own, head and all, and closes the connection.
func written(write func(conn net.Conn) error) spoiler {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return // the collector is gone
		}
		defer conn.Close()
		_ = write(conn) // fails once the collector has had enough
	}
}

// resets closes the connection so that the client is told of a reset, not of an end.
func resets(conn net.Conn) error { return conn.(*net.TCPConn).SetLinger(0) }

// again writes a head and then one piece so many times, with a pause before each; times below 0 means until the client
// is gone.
func again(head, piece string, times int, pause time.Duration) func(net.Conn) error {
	return func(conn net.Conn) error {
		_, err := conn.Write([]byte(head))
		for ; err == nil && times != 0; times-- {
			time.Sleep(pause)
			_, err = conn.Write([]byte(piece))
		}
		return err
	}
}

// inflates sends a body of so many MiB that is a thousandth of that on the wire: an empty list in a lot of white space.
func inflates(mebibytes int) spoiler {
	open, space, end := zipped("["), zipped(strings.Repeat(" ", 1<<20)), zipped("]")
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		_, err := w.Write(open)
		for n := 0; err == nil && n < mebibytes; n++ {
			_, err = w.Write(space)
		}
		_, _ = w.Write(end) // fails once the collector has had enough
	}
}

// zipped is a text as a member of a gzip stream, in which members follow on each other (RFC 1952, 2.2).
func zipped(text string) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // a level that there is
	_, _ = w.Write([]byte(text))                          // into memory: cannot fail
	_ = w.Close()
	return b.Bytes()
}

// silent answers nothing, until the client is gone.
func silent(_ http.ResponseWriter, r *http.Request, _ http.Handler) { <-r.Context().Done() }
