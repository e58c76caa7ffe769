package rest

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// counting is a server that knows its open connections.
type counting struct {
	*httptest.Server
	mu   sync.Mutex
	open map[net.Conn]struct{}
}

func newCounting(t *testing.T, handler http.HandlerFunc) *counting {
	c := &counting{open: map[net.Conn]struct{}{}}
	c.Server = httptest.NewUnstartedServer(handler)
	c.Config.ConnState = func(conn net.Conn, state http.ConnState) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.open[conn] = struct{}{}
		if state == http.StateClosed {
			delete(c.open, conn)
		}
	}
	c.Start()
	t.Cleanup(c.Close)
	return c
}

func (c *counting) connections() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.open)
}

// hiding is a layer that hides what its transport can do, as those of the Collector do.
type hiding struct{ http.RoundTripper }

func TestConnectionsAreClosedThroughLayersThatHideTheTransport(t *testing.T) {
	for _, together := range []int{1, 3} {
		t.Run(fmt.Sprint(together), func(t *testing.T) {
			var meet sync.WaitGroup // so that each request has a connection of its own
			server := newCounting(t, func(w http.ResponseWriter, _ *http.Request) {
				meet.Done()
				meet.Wait()
				_, _ = w.Write([]byte("[]"))
			})
			layer := RememberConnections(3, hiding{&http.Transport{MaxIdleConnsPerHost: 3}})
			ask := func() {
				resp, err := (&http.Client{Transport: layer}).Get(server.URL)
				if assert.NoError(t, err) {
					_, _ = io.Copy(io.Discard, resp.Body)
					_ = resp.Body.Close()
				}
			}
			for range 3 { // the last time after they were closed
				meet.Add(together)
				var all sync.WaitGroup
				for range together {
					all.Go(ask)
				}
				all.Wait()
				require.Equal(t, together, server.connections())
				layer.CloseAll()
				require.Eventually(t, func() bool { return server.connections() == 0 }, 5*time.Second, time.Millisecond)
			}
		})
	}
}

func TestConnectionsRememberedAreBoundedByWhatStaysIdle(t *testing.T) {
	layer := RememberConnections(2, nil)
	var conns []net.Conn
	for range 3 {
		conn, other := net.Pipe()
		conns = append(conns, conn)
		t.Cleanup(func() { _ = other.Close() })
	}
	for _, i := range []int{0, 1, 0, 2} {
		layer.use(conns[i])
	}
	assert.Equal(t, []net.Conn{conns[0], conns[2]}, layer.used, "the last ones used, each once")
	layer.CloseAll()
	_, err := conns[0].Write([]byte("x"))
	assert.ErrorIs(t, err, io.ErrClosedPipe)
	require.NoError(t, conns[1].Close())
}
