package rig

import (
	"net"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// pollPause is the pause between two looks at a condition.
const pollPause = 20 * time.Millisecond

// Until waits for a condition, and fails the test at the limit.
func Until(t *testing.T, what string, limit time.Duration, condition func() bool) {
	t.Helper()
	wait(t, what, limit, nil, condition)
}

// wait waits for a condition, until the limit or until ended is closed. nil never is.
func wait(t *testing.T, what string, limit time.Duration, ended <-chan struct{}, condition func() bool) {
	t.Helper()
	deadline := time.After(limit)
	tick := time.NewTicker(pollPause)
	defer tick.Stop()
	for !condition() {
		select {
		case <-tick.C:
		case <-deadline:
			require.FailNow(t, "not in time: "+what, "waited %v", limit)
		case <-ended:
			require.FailNow(t, "a process ended while the test waited: "+what)
		}
	}
}

// FreePort is a port of loopback that nobody listens on. Somebody else may take it before it is used.
func FreePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	return strconv.Itoa(listener.Addr().(*net.TCPAddr).Port) // of a listener for TCP
}
