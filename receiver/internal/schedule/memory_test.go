package schedule

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// idle is an observer that is told nothing of interest.
type idle struct{}

func (idle) Listed(error)                 {}
func (idle) Polled(source.Subject, error) {}
func (idle) Held(error)                   {}
func (idle) Unlisted(source.Subject)      {}

// waiting is a run whose logs were read once, and wait. They hold nothing.
func waiting(ctx context.Context, subjects []source.Subject) *run {
	r := &run{
		Schedule: New(Settings{Interval: minute, Concurrency: 4, Observer: idle{}}),
		breaker:  newBreaker(minute), listing: listing{next: never},
	}
	r.add(subjects)
	for range subjects {
		r.step(ctx)
	}
	return r
}

// step reads the log that is due next, when it is, and makes it wait again.
func (r *run) step(ctx context.Context) {
	now := r.queue.head().due
	log, _ := r.next(ctx, now)
	r.began(log)
	r.ended(ctx, outcome{log: log}, now)
}

func inUse() int {
	var m runtime.MemStats
	for range 2 {
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// bytesPerLog is what the schedule keeps of an idle log. Its name is held by the list of users anyway.
func bytesPerLog(t testing.TB, n int) int {
	subjects := logs(n)
	before := inUse()
	r := waiting(t.Context(), subjects)
	bytes := (inUse() - before) / n
	require.Equal(t, n, r.Users())
	runtime.KeepAlive(subjects)
	return bytes
}

func TestIdleLogCostsAnEntryInTheQueueAndNoGoroutine(t *testing.T) {
	bytes := bytesPerLog(t, 100_000)
	t.Logf("%d bytes a log", bytes)
	assert.LessOrEqual(t, bytes, int(unsafe.Sizeof(entry{})+unsafe.Sizeof(&entry{}))+1)

	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, logs(10_000)...)
		w.poll = func(context.Context, source.Subject) error { time.Sleep(minute); return nil }
		before, most := runtime.NumGoroutine(), 0
		time.AfterFunc(minute/2, func() { most = runtime.NumGoroutine() - 1 })
		w.run(minute)
		assert.Equal(t, 1+4, most-before, "one that decides, four that read")
	})
}

func TestEntryIsOfASizeThatIsAllocatedWithoutWaste(t *testing.T) {
	assert.LessOrEqual(t, unsafe.Sizeof(entry{}), uintptr(64))
}

func BenchmarkIdleLogs(b *testing.B) {
	for b.Loop() {
		b.ReportMetric(float64(bytesPerLog(b, 100_000)), "B/log")
	}
}

// What it costs to find the log that is due, and to make it wait again, among so many.
func BenchmarkSchedule(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			r := waiting(b.Context(), logs(n))
			for b.Loop() {
				r.step(b.Context())
			}
		})
	}
}

func BenchmarkOldest(b *testing.B) {
	r := waiting(b.Context(), logs(100_000))
	for b.Loop() {
		r.Oldest()
	}
}

// What a list costs in which one log changed, and one in which none did.
func BenchmarkList(b *testing.B) {
	subjects := logs(100_000)
	for name, change := range map[string]func(){"unchanged": func() {}, "changed": func() { subjects = append([]source.Subject{}, subjects...) }} {
		b.Run(name, func(b *testing.B) {
			r := waiting(b.Context(), subjects)
			r.reconcile(b.Context(), subjects, nil)
			for b.Loop() {
				change()
				r.reconcile(b.Context(), subjects, nil)
			}
		})
	}
}
