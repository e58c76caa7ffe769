package userlogreceiver

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/collector/receiver/receiverhelper"

	"github.com/userlog/userlog-otel/receiver/internal/checkpoint"
	"github.com/userlog/userlog-otel/receiver/internal/deliver"
	"github.com/userlog/userlog-otel/receiver/internal/health"
	"github.com/userlog/userlog-otel/receiver/internal/poll"
	"github.com/userlog/userlog-otel/receiver/internal/record"
	"github.com/userlog/userlog-otel/receiver/internal/schedule"
	"github.com/userlog/userlog-otel/receiver/internal/source"
	"github.com/userlog/userlog-otel/receiver/userlogreceiver/internal/metadata"
)

// provided is what the choice of a provider decides.
type provided struct {
	reader source.Reader
	lister source.Lister
	// service is the name of the product, instance tells its installations apart.
	service, instance string
	// identity is what the cursors answer to.
	identity []string
	// window is the number of entries that the API gives at most, the newest of a log; 0 if it gives all.
	window int
	// listInterval is the pause between two listings of the logs; 0 for that between two reads of one.
	listInterval time.Duration
	// whose names the attribute that tells whose log a subject is, and its value; nil if there is none.
	whose func(source.Subject) (name, value string)
}

// provider makes the one that is configured. A new provider gets a case here.
func (r *userLogReceiver) provider(ctx context.Context, host component.Host, observer *observer) (provided, error) {
	switch {
	case r.cfg.Auth0 != nil:
		return r.auth0(ctx, host, observer)
	case r.cfg.KOBIL != nil:
		return r.kobil(ctx, host, observer)
	case r.cfg.Canvas != nil:
		return r.canvas(ctx, host, observer)
	}
	return provided{}, errors.New("no source is set") // validation has said so before
}

// wire puts the parts together, the way of the data from right to left.
func (r *userLogReceiver) wire(ctx context.Context, host component.Host) (*schedule.Schedule, error) {
	health := health.New(r.set.Logger, func(e *componentstatus.Event) { componentstatus.ReportStatus(host, e) })
	obs, err := receiverhelper.NewObsReport(receiverhelper.ObsReportSettings{
		ReceiverID: r.set.ID, Transport: "http", ReceiverCreateSettings: r.set,
	})
	if err != nil {
		return nil, err
	}
	observer := newObserver(ctx, r.set, r.telemetry, health, obs)
	observer.passes = newPasses(r.cfg)
	p, err := r.provider(ctx, host, observer)
	if err != nil {
		return nil, err
	}
	client, err := r.storage(ctx, host)
	if err != nil {
		return nil, err
	}
	delivery, err := r.delivery(p, observer)
	if err != nil {
		return nil, err
	}
	engine := r.assemble(p, client, delivery, observer)
	return engine, observer.watch(engine)
}

// delivery says how records are made and handed on.
func (r *userLogReceiver) delivery(p provided, observer *observer) (deliver.Settings, error) {
	shape, err := r.shape()
	if err != nil {
		return deliver.Settings{}, err
	}
	operators, err := r.operators()
	return deliver.Settings{
		Next:              r.next,
		Retry:             r.cfg.RetryOnFailure,
		Observer:          observer,
		Shape:             shape,
		Operators:         operators,
		ServiceName:       p.service,
		ServiceInstanceID: p.instance,
		ScopeName:         metadata.ScopeName,
		ScopeVersion:      r.set.BuildInfo.Version,
	}, err
}

// assemble puts a provider, a storage client (nil: none), a delivery and an observer around the engine.
func (r *userLogReceiver) assemble(p provided, client storage.Client, d deliver.Settings, observer *observer) *schedule.Schedule {
	store := checkpoint.New(client, checkpoint.Fingerprint(p.identity...))
	r.store = store
	r.settle = append(r.settle, store.Flush) // what could not be stored before
	reads := r.reads(p, store, d, observer)
	return schedule.New(schedule.Settings{
		Lister:       p.lister,
		Add:          reads.add,
		Poll:         reads.poll,
		Remove:       store.Forget,
		Interval:     time.Duration(r.cfg.CollectionInterval),
		ListInterval: p.listInterval,
		InitialDelay: time.Duration(r.cfg.InitialDelay),
		MaxInterval:  time.Duration(r.cfg.MaxCollectionInterval),
		Window:       p.window,
		Concurrency:  int(r.cfg.Concurrency),
		Observer:     observer,
	})
}

// reads makes what the schedule calls.
func (r *userLogReceiver) reads(p provided, store *checkpoint.Store, d deliver.Settings, observer *observer) *reads {
	return &reads{
		observer: observer,
		store:    store,
		reader:   p.reader,
		lookback: time.Duration(r.cfg.InitialLookback),
		wanted:   map[source.Subject]time.Time{},
		begun:    map[source.Subject]struct{}{},
		poller: poll.Poller{
			Reader:      p.reader,
			Checkpoints: store,
			Observer:    observer,
			Window:      p.window,
			GapRecord:   r.gapRecord(p),
			Deliverer:   deliver.New(d),
		},
	}
}

// gapRecord makes records of gaps; nil if there are to be none.
func (r *userLogReceiver) gapRecord(p provided) func(source.Subject, source.Gap) source.Entry {
	if !r.cfg.GapRecords {
		return nil
	}
	return func(subject source.Subject, gap source.Gap) source.Entry {
		g := record.Gap{Gap: gap, Subject: subject, Observed: record.Timestamp(time.Now())}
		if p.whose != nil {
			g.Name, g.Value = p.whose(subject)
		}
		return &g
	}
}

// storage returns the client of the configured storage extension, or nil and a warning if there is none.
func (r *userLogReceiver) storage(ctx context.Context, host component.Host) (storage.Client, error) {
	if r.cfg.Storage == nil {
		r.set.Logger.Warn("storage is not set: cursors live in memory only, and after a restart every log is read again " +
			"from initial_lookback, which repeats entries or, after a longer stop, loses them")
		return nil, nil
	}
	extension, ok := host.GetExtensions()[*r.cfg.Storage]
	if !ok {
		return nil, fmt.Errorf("storage: extension %q is not there: add it under extensions and service::extensions", r.cfg.Storage)
	}
	provider, ok := extension.(storage.Extension)
	if !ok {
		return nil, fmt.Errorf("storage: extension %q is no storage extension: use one such as file_storage", r.cfg.Storage)
	}
	client, err := provider.GetClient(ctx, component.KindReceiver, r.set.ID, "")
	if err != nil {
		return nil, fmt.Errorf("storage: extension %q gives no client: %w: does another collector use it? If its file is damaged, "+
			"move the file away: every log is then read again from initial_lookback", r.cfg.Storage, err)
	}
	r.close = append(r.close, client.Close)
	return client, nil
}

// reads is what the schedule calls.
type reads struct {
	observer *observer
	store    *checkpoint.Store
	reader   source.Reader
	poller   poll.Poller
	lookback time.Duration
	// wanted is since when logs are wanted that could not be added yet, and begun which logs were given a start since they
	// were told last. One goroutine adds.
	wanted map[source.Subject]time.Time
	begun  map[source.Subject]struct{}
}

func (r *reads) startAt(now time.Time) source.Cursor { return r.reader.Start(now.Add(-r.lookback)) }

// startAfter is where a log begins whose cursor is bad: where it would without one, or where it was left, if that is known
// and earlier.
func (r *reads) startAfter(err error) source.Cursor {
	now := time.Now()
	var e *source.Error
	if errors.As(err, &e) && !e.Since.IsZero() && e.Since.Before(now.Add(-r.lookback)) {
		return r.reader.Start(e.Since)
	}
	return r.startAt(now)
}

// add makes logs known. Those without a stored cursor begin at the time at which they were first to be added, however
// long the storage failed then.
func (r *reads) add(ctx context.Context, subjects []source.Subject) error {
	now := time.Now()
	rejected, err := r.store.Add(ctx, subjects, func(subject source.Subject) source.Cursor {
		r.begun[subject] = struct{}{}
		if since, ok := r.wanted[subject]; ok {
			return r.startAt(since)
		}
		return r.startAt(now)
	})
	r.observer.cursorsRejected(ctx, rejected...)
	if err == nil {
		r.observer.begun(len(r.begun), r.lookback)
		r.wanted, r.begun = map[source.Subject]time.Time{}, map[source.Subject]struct{}{} // cleared, they would keep their memory
		return nil
	}
	for _, subject := range subjects {
		if _, ok := r.wanted[subject]; !ok {
			r.wanted[subject] = now
		}
	}
	return err
}

func (r *reads) poll(ctx context.Context, subject source.Subject, wanted func() bool) (fresh int, more bool, err error) {
	fresh, more, err = r.poller.Poll(ctx, subject, wanted)
	switch {
	case err == nil || ctx.Err() != nil:
	case source.KindOf(err) == source.BadCursor:
		r.observer.cursorsRejected(ctx, checkpoint.Rejected{Subject: subject, Reason: err})
		return 1, false, r.store.Save(ctx, subject, r.startAfter(err)) // that the log begins again is news: it is read again soon
	case source.KindOf(err) == source.Unreadable:
		r.observer.answerRejected(ctx)
	}
	return fresh, more, err
}
