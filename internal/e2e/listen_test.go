//go:build e2e

package e2e

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// place is an address at which a handler is served, except while it is closed.
type place struct {
	t       *testing.T
	url     string
	handler http.Handler
	server  *httptest.Server
}

func newPlace(t *testing.T, handler http.Handler) *place {
	t.Helper()
	p := &place{t: t, handler: handler, server: httptest.NewServer(handler)}
	p.url = p.server.URL
	t.Cleanup(func() { p.server.Close() }) // the one that is there then
	return p
}

// close makes the port refuse connections.
func (p *place) close() {
	p.server.CloseClientConnections()
	p.server.Close()
}

// open serves it again.
func (p *place) open() {
	p.t.Helper()
	listener, err := net.Listen("tcp", strings.TrimPrefix(p.url, "http://"))
	require.NoError(p.t, err)
	p.server = httptest.NewUnstartedServer(p.handler)
	p.server.Listener.Close()
	p.server.Listener = listener
	p.server.Start()
}
