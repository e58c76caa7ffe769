package rest

import (
	"net"
	"net/http"
	"net/http/httptrace"
	"slices"
	"sync"
)

// Connections is a layer that can close the connections below it. The client that the Collector makes of a
// configuration cannot: its layers hide the transport, so that CloseIdleConnections does nothing, and connections stay
// open for minutes after the end of the receiver.
type Connections struct {
	next http.RoundTripper
	max  int

	mu   sync.Mutex
	used []net.Conn // the last that were, the last one at the end
}

// RememberConnections returns a layer that remembers the last connections used, as many as the transport keeps idle.
func RememberConnections(limit int, next http.RoundTripper) *Connections {
	return &Connections{next: next, max: limit}
}

// RoundTrip implements http.RoundTripper.
func (c *Connections) RoundTrip(req *http.Request) (*http.Response, error) {
	trace := &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) { c.use(info.Conn) }}
	return c.next.RoundTrip(req.WithContext(httptrace.WithClientTrace(req.Context(), trace)))
}

func (c *Connections) use(conn net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if i := slices.Index(c.used, conn); i >= 0 {
		c.used = slices.Delete(c.used, i, i+1)
	}
	if c.used = append(c.used, conn); len(c.used) > c.max {
		c.used = slices.Delete(c.used, 0, 1)
	}
}

// CloseAll closes the connections, also under requests that are still under way.
func (c *Connections) CloseAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range c.used {
		_ = conn.Close() // most often closed already
	}
	c.used = nil
}
