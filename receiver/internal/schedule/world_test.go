package schedule

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"go.uber.org/goleak"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var errAPI = errors.New("as told by the API")

func failed(kind source.Kind) error { return &source.Error{Kind: kind, Err: errAPI} }

func asked(kind source.Kind, wait time.Duration) error {
	return &source.Error{Kind: kind, Err: errAPI, RetryAfter: wait}
}

// world is everything around a schedule: lister, storage, API and observer. Its times are seconds since its beginning.
type world struct {
	t      *testing.T
	began  time.Time
	beside atomic.Bool // something is listed or added

	mu      sync.Mutex
	list    func(context.Context) ([]source.Subject, error)
	add     func(context.Context, []source.Subject) error
	poll    func(context.Context, source.Subject) error
	finds   func(source.Subject) int // new entries in a read that ends now
	reads   []read
	running map[source.Subject]int
	most    int // reads at once
	told    []string
	removed []source.Subject
	listed  []time.Duration
}

type read struct {
	subject      source.Subject
	began, ended time.Duration
}

// newWorld has logs that are read in no time and hold nothing.
func newWorld(t *testing.T, subjects ...source.Subject) *world {
	return &world{
		t: t, began: time.Now(), running: map[source.Subject]int{},
		list:  func(context.Context) ([]source.Subject, error) { return subjects, nil },
		add:   func(context.Context, []source.Subject) error { return nil },
		poll:  func(context.Context, source.Subject) error { return nil },
		finds: func(source.Subject) int { return 0 },
	}
}

func (w *world) now() time.Duration { return time.Since(w.began) }

func (w *world) settings() Settings {
	return Settings{
		Lister: w, Add: w.adds, Poll: w.polls, Remove: w.removes, Observer: w,
		Interval: time.Minute, Concurrency: 4,
	}
}

// run runs a schedule for a while.
func (w *world) run(d time.Duration, change ...func(*Settings)) {
	settings := w.settings()
	for _, c := range change {
		c(&settings)
	}
	w.runs(New(settings), d)
}

func (w *world) runs(s *Schedule, d time.Duration) {
	ctx, stop := context.WithCancel(w.t.Context())
	defer stop()
	var running sync.WaitGroup
	running.Go(func() { s.Run(ctx) })
	time.Sleep(d) // of the bubble's time
	synctest.Wait()
	stop()
	running.Wait()
}

func (w *world) List(ctx context.Context) ([]source.Subject, error) {
	defer w.alone()()
	w.mu.Lock()
	w.listed = append(w.listed, w.now())
	list := w.list
	w.mu.Unlock()
	return list(ctx)
}

func (w *world) adds(ctx context.Context, subjects []source.Subject) error {
	defer w.alone()()
	return w.add(ctx, subjects)
}

// alone checks that one lists or adds at a time.
func (w *world) alone() (ended func()) {
	assert.True(w.t, w.beside.CompareAndSwap(false, true), "listing or adding twice at once")
	return func() { w.beside.Store(false) }
}

// removes checks that what is removed is not being read.
func (w *world) removes(s source.Subject) {
	w.mu.Lock()
	defer w.mu.Unlock()
	assert.Zero(w.t, w.running[s], "%s is removed under its read", s)
	w.removed = append(w.removed, s)
}

func (w *world) polls(ctx context.Context, s source.Subject, _ func() bool) (int, bool, error) {
	w.mu.Lock()
	w.running[s]++
	assert.Equal(w.t, 1, w.running[s], "reads of %s at once", s)
	at := 0
	for _, n := range w.running {
		at += n
	}
	w.most = max(w.most, at)
	began, poll := w.now(), w.poll
	w.mu.Unlock()

	err := poll(ctx, s)

	w.mu.Lock()
	defer w.mu.Unlock()
	w.running[s]--
	w.reads = append(w.reads, read{s, began, w.now()})
	return w.finds(s), false, err
}

func (w *world) tell(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.told = append(w.told, fmt.Sprintf(format, args...))
}

func (w *world) Listed(err error) {
	if err != nil {
		w.tell("listed: %v", err)
	}
}

func (w *world) Polled(s source.Subject, err error) {
	if err != nil {
		w.tell("polled %s: %s", s, source.KindOf(err))
		return
	}
	w.tell("polled %s", s)
}
func (w *world) Held(err error)            { w.tell("held: %s", source.KindOf(err)) }
func (w *world) Unlisted(s source.Subject) { w.tell("unlisted %s", s) }

// times returns when the reads of a log began.
func (w *world) times(s source.Subject) []time.Duration {
	var times []time.Duration
	for _, r := range w.reads {
		if r.subject == s {
			times = append(times, r.began)
		}
	}
	slices.Sort(times)
	return times
}

// pauses are the times from the end of a read of a log to the next one.
func (w *world) pauses(s source.Subject) []time.Duration {
	var pauses []time.Duration
	last := time.Duration(-1)
	for _, r := range w.reads {
		if r.subject == s {
			if last >= 0 {
				pauses = append(pauses, r.began-last)
			}
			last = r.ended
		}
	}
	return pauses
}

func logs(n int) []source.Subject {
	subjects := make([]source.Subject, n)
	for i := range subjects {
		subjects[i] = source.Subject(fmt.Sprintf("u%05d", i))
	}
	return subjects
}

// within checks that a jittered pause is at most the given one, and at least three quarters of it.
func within(t *testing.T, want, got time.Duration, args ...any) {
	t.Helper()
	assert.LessOrEqual(t, got, want, args...)
	assert.GreaterOrEqual(t, got, want*3/4, args...)
}

// inBubble runs a test in fake time.
func inBubble(name string, t *testing.T, test func(*testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) { synctest.Test(t, test) })
}
