package rest

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// raw starts a server that reads one request a connection and does with the connection what it likes.
func raw(t *testing.T, answer func(net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 64<<10))
			answer(conn)
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() {
		_ = listener.Close()
		<-done
	})
	return "http://" + listener.Addr().String()
}

func TestConnectionFailures(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	for name, c := range map[string]struct {
		answer func(net.Conn)
		text   string
		kind   source.Kind
	}{
		"reset": {func(conn net.Conn) { _ = conn.(*net.TCPConn).SetLinger(0) }, "connection reset by peer", source.Transient},
		"closed without a word": {
			func(net.Conn) {}, "the connection was closed before the whole answer arrived", source.Transient,
		},
		"body shorter than its Content-Length": {
			func(conn net.Conn) { fmt.Fprint(conn, ok, "Content-Length: 1000\r\n\r\n[", canaryBody) },
			"the connection was closed before the whole answer arrived", source.Transient,
		},
		"chunk cut off": {
			func(conn net.Conn) { fmt.Fprint(conn, ok, "Transfer-Encoding: chunked\r\n\r\nff\r\n[", canaryBody) },
			"the connection was closed before the whole answer arrived", source.Transient,
		},
		"chunks without an end": {
			func(conn net.Conn) { fmt.Fprint(conn, ok, "Transfer-Encoding: chunked\r\n\r\n1\r\n[\r\n") },
			"the connection was closed before the whole answer arrived", source.Transient,
		},
		"chunk of a size that is no number": {
			func(conn net.Conn) { fmt.Fprint(conn, ok, "Transfer-Encoding: chunked\r\n\r\n", canaryBody, "\r\n") },
			"no answer that can be read", source.Transient,
		},
		"no HTTP at all": {
			func(conn net.Conn) { fmt.Fprint(conn, canaryBody, " ", canaryToken, "\r\n\r\n") },
			"no answer that can be read", source.Transient,
		},
		"a status that is no number": {
			func(conn net.Conn) { fmt.Fprint(conn, "HTTP/1.1 ", canaryBody, "\r\n\r\n") },
			"no answer that can be read", source.Transient,
		},
		"a header line that is none": {
			func(conn net.Conn) { fmt.Fprint(conn, ok, "Bearer ", canaryToken, "\r\n\r\n[]") },
			"no answer that can be read", source.Transient,
		},
		"two lengths": {
			func(conn net.Conn) {
				fmt.Fprint(conn, ok, "Content-Length: 1\r\nContent-Length: ", canaryBody, "\r\n\r\n[]")
			},
			"no answer that can be read", source.Transient,
		},
		"headers without an end": {
			func(conn net.Conn) {
				fmt.Fprint(conn, ok)
				line := "X: " + strings.Repeat("x", 64<<10) + "\r\n"
				for range 1000 {
					if _, err := fmt.Fprint(conn, line); err != nil {
						return
					}
				}
			},
			"no answer that can be read", source.Transient,
		},
		"gzip that is none": {
			func(conn net.Conn) { fmt.Fprint(conn, ok, "Content-Encoding: gzip\r\n\r\n[", canaryBody, "]") },
			"the answer cannot be decompressed", source.Unreadable,
		},
		"gzip with broken data": {
			func(conn net.Conn) {
				fmt.Fprint(conn, ok, "Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff", strings.Repeat("\xff", 64))
			},
			"the answer cannot be decompressed", source.Unreadable,
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := newClient(t, raw(t, c.answer), nil).Get(t.Context(), userLogs)
			requireSilent(t, err, c.kind)
			require.ErrorContains(t, err, "GET /api/v2/users/{id}/logs: ")
			require.ErrorContains(t, err, c.text)
			assert.Less(t, len(err.Error()), 250)
		})
	}
}

func TestMoreBytesThanContentLengthAreNotRead(t *testing.T) {
	origin := raw(t, func(conn net.Conn) { fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", canaryBody) })
	resp, err := newClient(t, origin, nil).Get(t.Context(), userLogs)
	require.NoError(t, err)
	assert.Equal(t, "[]", string(resp.Body))
}

func TestNobodyListens(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	observer := &seen{}
	_, err = newClient(t, "http://"+listener.Addr().String(), func(s *Settings) { s.Observer = observer }).Get(t.Context(), userLogs)
	requireSilent(t, err, source.Transient)
	require.ErrorContains(t, err, "connection refused")
	assert.Equal(t, []int{0}, observer.statuses)
}

func TestCertificateIsChecked(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("a request reached a server that nobody vouches for")
	}))
	server.Config.ErrorLog = quiet()
	server.StartTLS()
	defer server.Close()
	_, err := newClient(t, server.URL, nil).Get(t.Context(), userLogs)
	requireSilent(t, err, source.Transient)
	require.ErrorContains(t, err, "failed to verify certificate")
}

func TestPlainServerBehindHTTPS(t *testing.T) {
	server := serve(t, func(http.ResponseWriter, *http.Request) {})
	_, err := newClient(t, strings.Replace(server.URL, "http:", "https:", 1), nil).Get(t.Context(), userLogs)
	requireSilent(t, err, source.Transient)
	require.ErrorContains(t, err, "the server speaks http, not https")
}

// A server that goes on sending never lets a time-out between two bytes happen.
func TestTimeoutBoundsTheWholeRequest(t *testing.T) {
	drip := func(w io.Writer, flush func(), done <-chan struct{}) {
		for {
			fmt.Fprint(w, " ")
			flush()
			select {
			case <-done:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}
	for name, handler := range map[string]http.HandlerFunc{
		"before the head": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"in the body": func(w http.ResponseWriter, r *http.Request) {
			drip(w, w.(http.Flusher).Flush, r.Context().Done())
		},
		"in the body of a failure": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusBadGateway)
			drip(w, w.(http.Flusher).Flush, r.Context().Done())
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, handler)
			client := newClient(t, server.URL, func(s *Settings) { s.HTTP.Timeout = 200 * time.Millisecond })
			began := time.Now()
			_, err := client.Get(t.Context(), userLogs)
			requireSilent(t, err, source.Transient)
			if name != "in the body of a failure" {
				require.ErrorContains(t, err, "GET /api/v2/users/{id}/logs: no whole answer within the time-out")
			}
			assert.Less(t, time.Since(began), 10*time.Second)
		})
	}
}

func TestCancelledRequestReturnsAtOnce(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"before the head": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"in the body": func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, "[")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		},
	} {
		t.Run(name, func(t *testing.T) {
			arrived := make(chan struct{})
			server := serve(t, func(w http.ResponseWriter, r *http.Request) {
				close(arrived)
				handler(w, r)
			})
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				<-arrived
				cancel()
			}()
			began := time.Now()
			_, err := newClient(t, server.URL, nil).Get(ctx, userLogs)
			require.ErrorIs(t, err, context.Canceled)
			var e *source.Error
			assert.NotErrorAs(t, err, &e, "the engine tells a stop from a failure")
			assert.Less(t, time.Since(began), 10*time.Second)
		})
	}
}

// Errors of an authenticator extension may quote the answer of a token endpoint.
func TestErrorOfALayerBelow(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		kind source.Kind
		text string
	}{
		"unknown": {fmt.Errorf("oauth2: cannot fetch token: %s %w", canaryToken, io.ErrNoProgress), source.Transient, "(*errors.errorString; its text is left out"},
		"ours":    {&source.Error{Kind: source.Unauthorized, Op: "token request", Err: io.ErrNoProgress}, source.Unauthorized, "token request: " + io.ErrNoProgress.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			client := inMemory(t, func(*http.Request) (*http.Response, error) { return nil, c.err }, nil)
			_, err := client.Get(t.Context(), userLogs)
			requireSilent(t, err, c.kind)
			require.ErrorContains(t, err, c.text)
		})
	}
}
