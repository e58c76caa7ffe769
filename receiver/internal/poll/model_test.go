package poll

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"pgregory.net/rapid"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/storagetest"

	"github.com/userlog/userlog-otel/receiver/internal/checkpoint"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// world is a source with one growing log, a consumer, and a storage. It outlives the processes that poll it.
type world struct {
	log       int // entries 1 to log exist
	pageSize  int
	delivered []int
	client    storage.Client
	faults    []fault // of the steps to come; none when used up
	largest   int     // batch
}

// fault is what happens at one step, that is before or after something outside the process changes.
type fault string

const (
	none  fault = "none"
	fails fault = "fails" // the step reports an error
	crash fault = "crash" // the process ends here
)

var (
	errCrash = errors.New("the process is gone")
	errFails = errors.New("failed")
)

// step consumes one fault.
func (w *world) step() error {
	if len(w.faults) == 0 {
		return nil
	}
	next := w.faults[0]
	w.faults = w.faults[1:]
	switch next {
	case fails:
		return errFails
	case crash:
		panic(errCrash)
	case none:
	}
	return nil
}

// Deliver implements Deliverer: a fault may lie before the entries are accepted or after.
func (w *world) Deliver(_ context.Context, entries []source.Entry) error {
	if err := w.step(); err != nil {
		return err
	}
	for _, e := range entries {
		w.delivered = append(w.delivered, int(e.(number)))
	}
	w.largest = max(w.largest, len(entries))
	return w.mayCrash()
}

// mayCrash is a step that cannot fail but can be the last one.
func (w *world) mayCrash() error {
	if len(w.faults) > 0 && w.faults[0] == crash {
		return w.step()
	}
	return nil
}

// Start implements source.Reader.
func (w *world) Start(time.Time) source.Cursor { return "0" }

// Read implements source.Reader, the simple way: the cursor is the last entry.
func (w *world) Read(_ context.Context, _ source.Subject, after source.Cursor) iter.Seq2[source.Batch, error] {
	return func(yield func(source.Batch, error) bool) {
		last, err := strconv.Atoi(string(after))
		if err != nil {
			yield(source.Batch{}, &source.Error{Kind: source.BadCursor, Err: err})
			return
		}
		for last < w.log {
			if err := w.step(); err != nil {
				yield(source.Batch{}, &source.Error{Kind: source.Transient, Err: err})
				return
			}
			b := source.Batch{}
			for range min(w.pageSize, w.log-last) {
				last++
				b.Entries = append(b.Entries, number(last))
			}
			b.Cursor = source.Cursor(strconv.Itoa(last))
			if !yield(b, nil) {
				return
			}
		}
	}
}

// quiet observes nothing.
type quiet struct{}

func (quiet) Read(context.Context, int, int, int) {}
func (quiet) Progressed(source.Subject)           {}

func (quiet) Gap(context.Context, source.Subject, source.Gap) {}

// brittle is a storage in which steps can fail and crash, before a write and after it.
type brittle struct {
	storage.Client
	w *world
}

func (b brittle) Batch(ctx context.Context, ops ...*storage.Operation) error {
	if err := b.w.step(); err != nil {
		return err
	}
	if err := b.Client.Batch(ctx, ops...); err != nil {
		return err
	}
	return b.w.mayCrash()
}

type polling interface {
	Poll(context.Context, source.Subject) error
}

// whole reads a log to its end in one turn.
type whole struct{ Poller }

func (p *whole) Poll(ctx context.Context, subject source.Subject) error {
	_, _, err := p.Poller.Poll(ctx, subject, never)
	return err
}

// scenario is one random run.
type scenario struct {
	pageSize int
	grows    []int // before each poll
	faults   []fault
}

func scenarios() *rapid.Generator[scenario] {
	return rapid.Custom(func(t *rapid.T) scenario {
		return scenario{
			pageSize: rapid.IntRange(1, 5).Draw(t, "page size"),
			grows:    rapid.SliceOfN(rapid.IntRange(0, 12), 1, 8).Draw(t, "grows"),
			faults: rapid.SliceOfN(rapid.SampledFrom([]fault{none, none, none, none, fails, crash}), 0, 60).
				Draw(t, "faults"),
		}
	})
}

// violation runs a scenario to its end, and then without faults until all is read. It tells how the promise was broken:
// an entry lost, one out of order, or more repeats than one batch for each crash.
func violation(s scenario, newPoller func(*world, *checkpoint.Store) polling) string {
	w := &world{
		pageSize: s.pageSize, faults: s.faults,
		client: storagetest.NewInMemoryClient(component.KindReceiver, component.MustNewID("user_log"), ""),
	}
	crashes := 0
	process := newProcess(w, newPoller)
	for _, grow := range append(slices.Clone(s.grows), 0) {
		w.log += grow
		for attempt := 0; process.poll() != nil; attempt++ {
			if process.crashed {
				crashes++
				process = newProcess(w, newPoller)
			}
			if attempt > len(s.faults)+1 {
				return "does not come to an end"
			}
		}
	}
	seen := map[int]int{}
	for _, n := range w.delivered {
		seen[n]++
	}
	repeats := len(w.delivered) - len(seen)
	for n := 1; n <= w.log; n++ {
		if seen[n] == 0 {
			return fmt.Sprintf("entry %d of %d is lost after %d crashes", n, w.log, crashes)
		}
	}
	if repeats > crashes*w.largest {
		return fmt.Sprintf("%d repeats after %d crashes with batches of up to %d", repeats, crashes, w.largest)
	}
	first := 0
	for _, n := range w.delivered {
		if n > first+1 {
			return fmt.Sprintf("entry %d delivered after %d", n, first)
		}
		first = max(first, n)
	}
	return ""
}

// process is what ends with a crash: the store's memory and the poller.
type process struct {
	store   *checkpoint.Store
	poller  polling
	start   func(source.Subject) source.Cursor
	crashed bool
}

func newProcess(w *world, newPoller func(*world, *checkpoint.Store) polling) *process {
	store := checkpoint.New(brittle{w.client, w}, "f")
	return &process{store: store, poller: newPoller(w, store), start: func(source.Subject) source.Cursor { return w.Start(time.Time{}) }}
}

func (p *process) poll() (err error) {
	defer func() {
		if r := recover(); r != nil {
			if r != any(errCrash) {
				panic(r)
			}
			p.crashed, err = true, errCrash
		}
	}()
	if _, err := p.store.Add(context.Background(), []source.Subject{"u"}, p.start); err != nil {
		return err
	}
	return p.poller.Poll(context.Background(), "u")
}

func TestAtLeastOnceAndAtMostOneBatchRepeatedPerCrash(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := scenarios().Draw(t, "scenario")
		if v := violation(s, func(w *world, store *checkpoint.Store) polling {
			return &whole{Poller{Reader: w, Checkpoints: store, Deliverer: w, Observer: quiet{}}}
		}); v != "" {
			t.Fatal(v)
		}
	})
}

// savesFirst is the textbook mistake.
type savesFirst struct {
	w     *world
	store *checkpoint.Store
}

func (p *savesFirst) Poll(ctx context.Context, subject source.Subject) error {
	cursor, err := p.store.Load(ctx, subject)
	if err != nil {
		return err
	}
	for batch, err := range p.w.Read(ctx, subject, cursor) {
		if err != nil {
			return err
		}
		if err := p.store.Save(ctx, subject, batch.Cursor); err != nil {
			return err
		}
		if err := p.w.Deliver(ctx, batch.Entries); err != nil {
			return err
		}
	}
	return nil
}

// savesAtEnd keeps the promise of delivery, but a crash repeats a whole read.
type savesAtEnd struct {
	w     *world
	store *checkpoint.Store
}

func (p *savesAtEnd) Poll(ctx context.Context, subject source.Subject) error {
	cursor, err := p.store.Load(ctx, subject)
	if err != nil {
		return err
	}
	for batch, err := range p.w.Read(ctx, subject, cursor) {
		if err != nil {
			return err
		}
		if err := p.w.Deliver(ctx, batch.Entries); err != nil {
			return err
		}
		cursor = batch.Cursor
	}
	return p.store.Save(ctx, subject, cursor)
}

// The property must be able to fail: each of these pollers breaks it in the way that is its own.
func TestWrongPollersBreakTheProperty(t *testing.T) {
	for _, test := range []struct {
		name string
		make func(*world, *checkpoint.Store) polling
		want string
	}{
		{"saves before delivery", func(w *world, s *checkpoint.Store) polling { return &savesFirst{w, s} }, "is lost"},
		{"saves at the end only", func(w *world, s *checkpoint.Store) polling { return &savesAtEnd{w, s} }, "repeats after"},
	} {
		t.Run(test.name, func(t *testing.T) {
			broken := 0
			for seed := range 300 {
				if v := violation(scenarios().Example(seed), test.make); strings.Contains(v, test.want) {
					broken++
				}
			}
			require.Positive(t, broken)
			t.Logf("%d of 300 runs: %s", broken, test.want)
		})
	}
}
