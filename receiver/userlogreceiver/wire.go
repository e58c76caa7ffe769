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
	"github.com/userlog/userlog-otel/receiver/internal/shard"
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
	// together tells of the logs listed last whether one entry may be in several of them; nil: none may.
	together func() bool
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

// wire puts the parts together, the way of the data from right to left, and returns what reads until its context is done.
func (r *userLogReceiver) wire(ctx context.Context, host component.Host) (func(context.Context), error) {
	health := health.New(r.set.Logger, func(e *componentstatus.Event) { componentstatus.ReportStatus(host, e) })
	obs, err := receiverhelper.NewObsReport(receiverhelper.ObsReportSettings{
		ReceiverID: r.set.ID, Transport: "http", ReceiverCreateSettings: r.set,
	})
	if err != nil {
		return nil, err
	}
	observer := newObserver(ctx, r.set, r.telemetry, health, obs)
	observer.passes = newPasses(r.cfg)
	if err := observer.watch(); err != nil {
		return nil, err
	}
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
	return r.whileLeading(host, r.assemble(p, client, delivery, observer), observer)
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

// assemble puts a provider, a storage client (nil: none), a delivery and an observer around the engine. What it returns
// reads until its context is done, from where the storage says when it is called. It may be called again after that.
func (r *userLogReceiver) assemble(p provided, client storage.Client, d deliver.Settings, observer *observer) func(context.Context) {
	store := checkpoint.New(client, checkpoint.Fingerprint(p.identity...))
	r.store = store
	r.settle = append(r.settle, store.Flush) // what could not be stored before
	reads := r.reads(p, store, d, observer)
	settings := schedule.Settings{
		Lister:       r.own(p, observer),
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
	}
	return func(ctx context.Context) {
		store.Renew()
		engine := schedule.New(settings)
		observer.engine.Store(engine)
		engine.Run(ctx)
	}
}

// own lists the logs of the receiver's shard.
func (r *userLogReceiver) own(p provided, observer *observer) source.Lister {
	index, count := int(r.cfg.Shard.Index), int(r.cfg.Shard.Count)
	if count == 1 {
		return p.lister
	}
	return shard.NewLister(shard.Settings{
		All:      p.lister,
		Ring:     shard.NewRing(checkpoint.Fingerprint(p.identity...), count),
		Index:    index,
		Together: p.together,
		Idle:     func(logs int) { observer.idle(index, count, logs) },
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
