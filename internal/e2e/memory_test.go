//go:build e2e

package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
)

// TestAnIdleUserCostsLittleMemory compares collectors with few and with many users whose logs are empty.
func TestAnIdleUserCostsLittleMemory(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("the memory of a process is read from /proc")
	}
	if *raced {
		t.Skip("the race detector takes memory of its own")
	}
	const (
		fewUsers, manyUsers = 10, 10_000
		bound               = 20 << 10 // kB; the heap grows to twice what lives before it is collected
	)
	few, fewPeak := idleMemory(t, fewUsers)
	lots, lotsPeak := idleMemory(t, manyUsers)
	t.Logf("RSS after two reads of all: %d users %d kB (peak %d kB), %d users %d kB (peak %d kB): %d bytes a user more",
		fewUsers, few, fewPeak, manyUsers, lots, lotsPeak, (lots-few)*1024/(manyUsers-fewUsers))
	require.Less(t, lots-few, bound, "kB more for %d users", manyUsers)
}

// idleMemory is the resident memory in kB, now and at its peak, of a collector that has read n empty logs twice.
func idleMemory(t *testing.T, n int) (rss, peak int) {
	t.Helper()
	r := newRig(t, auth0.Options{})
	path := filepath.Join(r.dir, "users.txt")
	write(t, path, strings.Join(many(n), "\n")+"\n")
	r.auth0["users_file"] = path
	r.receiver["collection_interval"] = "500ms"

	var mu sync.Mutex
	reads, twice := map[string]int{}, 0
	r.tenant.OnRequest(func(req *http.Request, _ int) {
		mu.Lock()
		defer mu.Unlock()
		if reads[req.URL.EscapedPath()]++; reads[req.URL.EscapedPath()] == 2 {
			twice++
		}
	})
	began := time.Now()
	c := r.start()
	c.until(fmt.Sprintf("%d logs are read twice", n), time.Minute, func() bool {
		mu.Lock()
		defer mu.Unlock()
		return twice == n
	})
	t.Logf("%d logs read twice in %v", n, time.Since(began).Round(time.Millisecond))
	rss, peak = memoryOf(t, c.cmd.Process.Pid, "VmRSS:"), memoryOf(t, c.cmd.Process.Pid, "VmHWM:")
	t.Logf("with %d users SIGTERM to exit takes %v", n, c.stopWell().Round(time.Millisecond))
	return rss, peak
}

// memoryOf is a figure in kB from the status of a process.
func memoryOf(t *testing.T, pid int, name string) int {
	t.Helper()
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	require.NoError(t, err)
	for line := range strings.Lines(string(status)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == name {
			kB, err := strconv.Atoi(fields[1])
			require.NoError(t, err)
			return kB
		}
	}
	require.Fail(t, "no "+name)
	return 0
}
