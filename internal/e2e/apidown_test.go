//go:build e2e

package e2e

import (
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
)

func TestTheCollectorStartsWithoutTheAPIAndReadsWhenItIsThere(t *testing.T) {
	t.Parallel()
	const user = "auth0|63d1c0ffee01"
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())

	r := newRigWithoutAPI(t, "http://"+address)
	r.users(user)
	r.metrics = true
	r.auth0["client_id"], r.auth0["client_secret"] = "e2e-client", "e2e-secret"
	delete(r.auth0, "token")
	began := time.Now()
	c := r.start()
	t.Logf("ready without the API after %v", time.Since(began).Round(time.Millisecond))
	c.until("a warning", waitLimit, func() bool { return len(c.stderr.warnings("refused")) > 0 })
	c.until("several attempts fail", waitLimit, func() bool { return c.metric("requests") >= 4 })
	warnings := len(c.stderr.warnings("refused"))

	listener, err = net.Listen("tcp", address)
	require.NoError(t, err)
	r.serve(auth0.Options{}, listener)
	r.publish(user, newEntries(user, 120, time.Now().Add(-time.Hour), time.Second)...)
	back := time.Now()
	c.until("everything arrives", time.Minute, r.complete)
	t.Logf("read %v after the API was there", time.Since(back).Round(time.Millisecond))
	c.until("the recovery is told", waitLimit, func() bool { return len(c.stderr.lines(`"level":"info"`, "again")) > 0 })
	r.settle(0)
	require.LessOrEqual(t, warnings, 2, "one state, told once for the user and once for the source")
	require.Equal(t, 1, r.tenant.TokenRequests())
	c.stopWell()
}
