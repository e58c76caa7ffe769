package rest

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"log"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

func zipped(t *testing.T, size int) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := gzip.NewWriter(&buf)
	zeros := make([]byte, 64<<10)
	for n := 0; n < size; n += len(zeros) {
		_, err := w.Write(zeros[:min(len(zeros), size-n)])
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return buf.Bytes()
}

func TestBodyUpToTheLimitIsRead(t *testing.T) {
	const limit = 64 << 10
	for _, size := range []int{0, 1, limit - 1, limit, limit + 1} {
		for _, how := range []string{"Content-Length", "chunked", "gzip"} {
			t.Run(fmt.Sprintf("%d %s", size, how), func(t *testing.T) {
				server := serve(t, func(w http.ResponseWriter, r *http.Request) {
					body := make([]byte, size)
					switch how {
					case "Content-Length":
						w.Header().Set("Content-Length", strconv.Itoa(size))
					case "chunked":
						w.(http.Flusher).Flush()
					case "gzip":
						assert.Equal(t, "gzip", r.Header.Get("Accept-Encoding"))
						w.Header().Set("Content-Encoding", "gzip")
						body = zipped(t, size)
					}
					_, _ = w.Write(body)
				})
				observer := &seen{}
				client := newClient(t, server.URL, func(s *Settings) { s.MaxResponseSize, s.Observer = limit, observer })
				resp, err := client.Get(t.Context(), userLogs)
				if size <= limit {
					require.NoError(t, err)
					assert.Len(t, resp.Body, size)
					assert.Equal(t, size, observer.bytes)
					return
				}
				requireSilent(t, err, source.Unreadable)
				require.ErrorIs(t, err, ErrTooLarge)
				require.ErrorContains(t, err, "larger than max_response_size (65536 bytes): raise it, or lower page_size")
				assert.Empty(t, resp.Body)
			})
		}
	}
}

// What a server sends without an end costs no more memory than what is allowed, and its connection is closed.
func TestEndlessBodyIsCutOff(t *testing.T) {
	const limit = 1 << 20
	bomb := bytes.Repeat(zipped(t, 4<<20), 64) // gzip allows several members
	require.Less(t, len(bomb), limit, "small on the wire")
	for name, write := range map[string]func(http.ResponseWriter, *http.Request){
		"gzip bomb": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb)
		},
		"endless chunks": func(w http.ResponseWriter, _ *http.Request) {
			chunk := []byte(strings.Repeat(" ", 32<<10))
			for {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		},
		"Content-Length of a terabyte": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(1<<40))
			w.WriteHeader(http.StatusOK)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		},
		"failure without an end": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
			chunk := []byte(strings.Repeat(" ", 32<<10))
			for {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			ended := make(chan struct{})
			server := serve(t, func(w http.ResponseWriter, r *http.Request) {
				defer close(ended)
				write(w, r)
			})
			client := newClient(t, server.URL, func(s *Settings) { s.MaxResponseSize = limit })
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := client.Get(t.Context(), userLogs)
			runtime.ReadMemStats(&after)
			if name == "failure without an end" {
				requireSilent(t, err, source.Transient)
			} else {
				requireSilent(t, err, source.Unreadable)
				require.ErrorIs(t, err, ErrTooLarge)
			}
			assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(16*limit), "bytes allocated, by client and server")
			select {
			case <-ended:
			case <-time.After(10 * time.Second):
				t.Error("the connection is still open")
			}
		})
	}
}

func TestDeclaredLengthIsNotAllocatedBeyondTheLimit(t *testing.T) {
	resp := &http.Response{ContentLength: 1 << 62, Body: io.NopCloser(strings.NewReader("x"))}
	_, err := readBody(resp, 1<<20)
	require.ErrorIs(t, err, ErrTooLarge)
}

func TestConnectionIsUsedAgain(t *testing.T) {
	for _, status := range []int{http.StatusOK, http.StatusNotFound, http.StatusInternalServerError, http.StatusFound} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			peers := map[string]bool{}
			server := serve(t, func(w http.ResponseWriter, r *http.Request) {
				peers[r.RemoteAddr] = true
				w.Header().Set("Location", "/x")
				w.WriteHeader(status)
				_, _ = w.Write(make([]byte, 16<<10))
			})
			client := newClient(t, server.URL, nil)
			for range 5 {
				_, err := client.Get(t.Context(), userLogs)
				assert.Equal(t, status == http.StatusOK, err == nil, err)
			}
			assert.Len(t, peers, 1, "connections")
		})
	}
}
