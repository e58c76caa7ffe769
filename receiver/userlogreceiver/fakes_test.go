package userlogreceiver

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/storagetest"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver/receiverhelper"
	"go.uber.org/zap"
	zapobserver "go.uber.org/zap/zaptest/observer"

	"github.com/userlog/userlog-otel/receiver/internal/deliver"
	"github.com/userlog/userlog-otel/receiver/internal/health"
	"github.com/userlog/userlog-otel/receiver/internal/rest"
	"github.com/userlog/userlog-otel/receiver/internal/source"
	"github.com/userlog/userlog-otel/receiver/userlogreceiver/internal/metadatatest"
)

// parts is a receiver whose source, storage and consumer are functions, for bubbles of synctest: nothing of it needs a
// network.
type parts struct {
	*userLogReceiver
	telemetry *componenttest.Telemetry
	logs      *zapobserver.ObservedLogs
	observer  *observer
	status    notes[string]
}

// notes are what a part noted, in order. It is safe for concurrent use.
type notes[T any] struct {
	mu   sync.Mutex
	list []T
}

func (n *notes[T]) add(v T) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.list = append(n.list, v)
}

func (n *notes[T]) all() []T {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.list)
}

func last[T any](list []T) T { return list[len(list)-1] }

// apart makes a receiver that is not put together yet.
func apart(t *testing.T, more keys, next func(context.Context, plog.Logs) error) *parts {
	p := &parts{telemetry: componenttest.NewTelemetry()}
	core, logs := zapobserver.New(zap.DebugLevel)
	set := metadatatest.NewSettings(p.telemetry)
	set.Logger, p.logs = zap.New(core), logs
	consumer, err := consumer.NewLogs(next)
	require.NoError(t, err)
	p.userLogReceiver, err = newReceiver(set, configured(t, "http://127.0.0.1:1", more), consumer, rest.NewBudgets())
	require.NoError(t, err)
	obs, err := receiverhelper.NewObsReport(receiverhelper.ObsReportSettings{ReceiverID: set.ID, Transport: "http", ReceiverCreateSettings: set})
	require.NoError(t, err)
	p.observer = newObserver(t.Context(), set, p.userLogReceiver.telemetry, health.New(set.Logger, func(e *componentstatus.Event) {
		text := e.Status().String()
		if e.Err() != nil {
			text += ": " + e.Err().Error()
		}
		p.status.add(text)
	}), obs)
	return p
}

// runs puts the receiver together and starts it.
func (p *parts) runs(t *testing.T, from provided, client storage.Client) {
	p.run(t.Context(), p.assemble(from, client, p.handOn(t, from), p.observer))
}

func accepts(context.Context, plog.Logs) error { return nil }

// reader is a source.Reader that is a function.
type reader func(after source.Cursor) (source.Batch, error)

func (reader) Start(time.Time) source.Cursor { return "start" }

func (r reader) Read(_ context.Context, _ source.Subject, after source.Cursor) iter.Seq2[source.Batch, error] {
	return func(yield func(source.Batch, error) bool) { yield(r(after)) }
}

// oneEntry is a log of one entry: after it was accepted the cursor is "moved".
func oneEntry(after source.Cursor) (source.Batch, error) {
	if after == "moved" {
		return source.Batch{Cursor: after}, nil
	}
	return source.Batch{Entries: []source.Entry{empty{}}, Cursor: "moved"}, nil
}

type empty struct{}

func (empty) Record(plog.LogRecord) {}
func (empty) Time() time.Time       { return time.Time{} }

// lister is a source.Lister that is a function.
type lister func() []source.Subject

func (l lister) List(context.Context) ([]source.Subject, error) { return l(), nil }

func only(subjects ...source.Subject) lister { return func() []source.Subject { return subjects } }

// disk is a storage whose writes can fail, and that knows what it holds.
type disk struct {
	storage.Client
	mu     sync.Mutex
	write  func(context.Context) error // nil: works
	values []string                    // written, in order
	loads  int
	closed bool
}

func newDisk() *disk {
	return &disk{Client: storagetest.NewInMemoryClient(component.KindReceiver, component.MustNewID("user_log"), "")}
}

func (d *disk) set(write func(context.Context) error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.write = write
}

func (d *disk) Batch(ctx context.Context, ops ...*storage.Operation) error {
	d.mu.Lock()
	write := d.write
	if ops[0].Type == storage.Get {
		d.loads++
	}
	d.mu.Unlock()
	if write != nil && ops[0].Type == storage.Set {
		if err := write(ctx); err != nil {
			return err
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, op := range ops {
		if op.Type == storage.Set {
			d.values = append(d.values, string(op.Value))
		}
	}
	return d.Client.Batch(ctx, ops...)
}

func (d *disk) Close(ctx context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	return d.Client.Close(ctx)
}

// holds tells whether a cursor was stored.
func (d *disk) holds(cursor source.Cursor) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.ContainsFunc(d.values, func(v string) bool { return strings.Contains(v, fmt.Sprintf(`"c":%q`, cursor)) })
}

// handOn is how a receiver under test delivers.
func (p *parts) handOn(t *testing.T, from provided) deliver.Settings {
	t.Helper()
	d, err := p.delivery(from, p.observer)
	require.NoError(t, err)
	return d
}
