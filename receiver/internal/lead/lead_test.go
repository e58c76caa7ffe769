package lead

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// diary is what happened, in order.
type diary struct {
	mu    sync.Mutex
	lines []string
}

func (d *diary) add(line string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines = append(d.lines, line)
}

func (d *diary) Leads()                         { d.add("leads") }
func (d *diary) Waits()                         { d.add("waits") }
func (d *diary) Stalled(stood, _ time.Duration) { d.add("stood " + stood.String()) }
func (d *diary) work(context.Context)           { d.add("work") }
func (d *diary) ended()                         { d.add("end") }
func (d *diary) all() []string                  { d.mu.Lock(); defer d.mu.Unlock(); return slices.Clone(d.lines) }

func (d *diary) said(t *testing.T, lines string) {
	t.Helper()
	assert.Equal(t, lines, strings.Join(d.all(), ", "))
}

// rig is a Lead that runs, in a bubble.
type rig struct {
	*Lead
	diary
	stop func() // ends Run, and waits for that
	slow time.Duration
}

// run starts a Lead, of which calls may have been made before.
func run(t *testing.T, before func(*Lead)) *rig {
	r := &rig{}
	r.Lead = New(&r.diary)
	if before != nil {
		before(r.Lead)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		r.Run(ctx, func(ctx context.Context) {
			r.work(ctx)
			<-ctx.Done()
			time.Sleep(r.slow)
			r.ended()
		})
	})
	r.stop = func() { cancel(); running.Wait() }
	t.Cleanup(r.stop)
	synctest.Wait()
	return r
}

// Every order in which an elector may call, each call followed by all that comes of it.
func TestCallsInAllOrders(t *testing.T) {
	background := context.Background
	over, cancel := context.WithCancel(background())
	cancel()
	start := func(ctx context.Context) func(*Lead) { return func(l *Lead) { l.Start(ctx) } }
	stop := (*Lead).Stop
	for _, test := range []struct {
		name  string
		early bool // the first call comes before Run does
		calls []func(*Lead)
		want  string
	}{
		{"none", false, nil, "waits"},
		{"start", false, []func(*Lead){start(background())}, "waits, leads, work"},
		{"start within SetCallBackFuncs", true, []func(*Lead){start(background())}, "leads, work"},
		{"start and stop", false, []func(*Lead){start(background()), stop}, "waits, leads, work, end, waits"},
		{"stop before any start", false, []func(*Lead){stop}, "waits"},
		{"stop before its start, which comes late", false, []func(*Lead){stop, start(over)}, "waits"},
		{"a late start of the term before the present one", false, []func(*Lead){stop, start(background()), start(over)}, "waits, leads, work"},
		{"start twice", false, []func(*Lead){start(background()), start(background())}, "waits, leads, work"},
		{"start twice, stop once", false, []func(*Lead){start(background()), start(background()), stop}, "waits, leads, work, end, waits"},
		{"stop twice", false, []func(*Lead){start(background()), stop, stop}, "waits, leads, work, end, waits"},
		{"two terms", false, []func(*Lead){start(background()), stop, start(background())}, "waits, leads, work, end, waits, leads, work"},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var early func(*Lead)
				if test.early {
					early, test.calls = test.calls[0], test.calls[1:]
				}
				r := run(t, early)
				for _, call := range test.calls {
					call(r.Lead)
					synctest.Wait()
				}
				r.said(t, test.want)
			})
		})
	}
}

// The elector's context ends leadership as well, and that of a term that is over does not end the next one.
func TestContextOfATermEndsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := run(t, nil)
		first, endFirst := context.WithCancel(t.Context())
		r.Start(first)
		synctest.Wait()
		endFirst()
		synctest.Wait()
		r.said(t, "waits, leads, work, end, waits")

		second, endSecond := context.WithCancel(t.Context())
		r.Start(second)
		r.Start(context.Background()) // as of a receiver that registers late
		synctest.Wait()
		r.Stop()
		synctest.Wait()
		r.Start(context.Background())
		endSecond()
		synctest.Wait()
		r.said(t, "waits, leads, work, end, waits, leads, work, end, waits, leads, work")
	})
}

func TestNoTwoWorksAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := run(t, nil)
		r.slow = time.Minute
		for range 3 {
			r.Start(context.Background())
			synctest.Wait()
			began := time.Now()
			r.Stop()
			assert.Zero(t, time.Since(began), "the elector holds a lock meanwhile")
		}
		r.Start(context.Background())
		time.Sleep(time.Second)
		r.said(t, "waits, leads, work")
		time.Sleep(time.Minute)
		r.said(t, "waits, leads, work, end, leads, work")
		r.slow = 0
	})
}

func TestRunEndsInEveryState(t *testing.T) {
	for name, bring := range map[string]func(*rig){
		"waits":          func(*rig) {},
		"leads":          func(r *rig) { r.Start(context.Background()) },
		"on the way out": func(r *rig) { r.slow = time.Second; r.Start(context.Background()); synctest.Wait(); r.Stop() },
		"stood still":    func(r *rig) { r.Start(context.Background()); synctest.Wait(); r.hold(time.Minute) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := run(t, nil)
				bring(r)
				synctest.Wait()
				began := time.Now()
				r.stop()
				assert.LessOrEqual(t, time.Since(began), time.Second)
				before := r.all()
				r.Start(context.Background()) // the elector knows nothing of it
				r.Stop()
				synctest.Wait()
				assert.Equal(t, before, r.all())
			})
		})
	}
}
