//go:build e2e

package e2e

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestAReloadedConfigurationLosesAndRepeatsNothing sends SIGHUP to a collector under load: it ends its receivers and
// starts new ones in the same process, the last time with one more log.
func TestAReloadedConfigurationLosesAndRepeatsNothing(t *testing.T) {
	t.Parallel()
	const reloads = 4
	w := newWorld(t, all()...)
	kobil := w.system("kobil")
	added := kobil.logs[2]
	kobil.block["users"] = kobil.logs[:2]
	w.backlog(400)
	stop, r := w.load(), w.random("reloads")
	w.sink.slow(4*time.Millisecond, 4*time.Millisecond)
	c := w.start()
	for i := range reloads {
		target := w.sink.distinct() + r.IntN(500)
		began := time.Now()
		c.until("the moment comes", waitLimit, func() bool {
			return c.stoppable() && (w.sink.distinct() >= target || time.Since(began) > time.Second)
		})
		if i == reloads-1 {
			require.Zero(t, kobil.reads(added), "requests for a log that is not configured")
			kobil.block["users"] = kobil.logs
			w.writeConfig(0)
		}
		ready := strings.Count(c.stderr.String(), "Everything is ready")
		require.NoError(t, c.cmd.Process.Signal(syscall.SIGHUP))
		c.until("it is ready again", startLimit, func() bool { return strings.Count(c.stderr.String(), "Everything is ready") > ready })
		c.readyAt = time.Now()
	}
	stop()
	w.sink.slow(0, 0)
	w.settle(c, 0)
	require.Positive(t, kobil.reads(added))
}

// TestABrokenConfigurationAtAReloadLosesNothing: the Collector ends then, which its supervisor sees, and goes on where it
// was.
func TestABrokenConfigurationAtAReloadLosesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, all()...)
	w.backlog(300)
	w.sink.slow(4*time.Millisecond, 4*time.Millisecond)
	c := w.start()
	c.until("it is in the backlog", waitLimit, func() bool { return c.stoppable() && w.sink.distinct() > 300 })
	text, err := json.Marshal(w.config(0))
	require.NoError(t, err)
	broken := strings.Replace(string(text), `"collection_interval":"100ms"`, `"collection_interval":"-1s"`, 1)
	require.NotEqual(t, string(text), broken)
	write(t, filepath.Join(w.dir, "config.yaml"), broken)
	require.NoError(t, c.cmd.Process.Signal(syscall.SIGHUP))
	select {
	case <-c.exited:
	case <-time.After(hangLimit):
		require.FailNow(t, "the collector goes on with a configuration that is not valid")
	}
	require.NotZero(t, c.exitCode())
	require.Contains(t, c.stderr.String(), "collection_interval")
	w.sink.slow(0, 0)
	w.settle(w.start(), 0)
}
