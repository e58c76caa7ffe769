package schedule

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// idle counts the reads of logs that hold nothing.
type idle struct {
	subjects []source.Subject
	reads    chan struct{}
}

func (i idle) List(context.Context) ([]source.Subject, error) { return i.subjects, nil }
func (idle) Listed(error)                                     {}
func (idle) Polled(source.Subject, error)                     {}
func (idle) Held(error)                                       {}
func (idle) Unlisted(source.Subject)                          {}

func (i idle) Poll(context.Context, source.Subject, func() bool) (int, bool, error) {
	i.reads <- struct{}{}
	return 0, false, nil
}

// waiting runs a schedule with n logs until each of them was read once and waits. It returns what that costs.
func waiting(t testing.TB, n int) (bytesPerLog, goroutines int) {
	i := idle{subjects: logs(n), reads: make(chan struct{})}
	bytes, before := inUse(), runtime.NumGoroutine()
	ctx, stop := context.WithCancel(t.Context())
	s := New(Settings{
		Lister: i, Poll: i.Poll, Observer: i,
		Add:      func(context.Context, []source.Subject) error { return nil },
		Interval: time.Hour, Concurrency: 4,
	})
	ended := make(chan struct{})
	go func() { defer close(ended); s.Run(ctx) }()
	for range n {
		<-i.reads
	}
	bytesPerLog = int(inUse()-bytes) / n
	goroutines = runtime.NumGoroutine() - before
	require.Equal(t, n, s.Users())
	stop()
	<-ended
	runtime.KeepAlive(i.subjects)
	return bytesPerLog, goroutines
}

func inUse() uint64 {
	var m runtime.MemStats
	for range 2 {
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func TestIdleLogCostsAnEntryInTheQueueAndNoGoroutine(t *testing.T) {
	bytes, goroutines := waiting(t, 10_000)
	t.Logf("%d bytes a log", bytes)
	assert.Less(t, bytes, 400)
	assert.LessOrEqual(t, goroutines, 6, "one that decides, four that read")
}

func BenchmarkIdleLogs(b *testing.B) {
	for b.Loop() {
		bytes, _ := waiting(b, 100_000)
		b.ReportMetric(float64(bytes), "B/log")
	}
}
