package userlogreceiver

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/storagetest"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/internal/sharedstore"
)

// fleet is several collectors that read one site and share a store.
type fleet struct {
	*testing.T
	site  *site
	seen  *recorder
	store *sharedstore.Store

	// hold, if set, is waited for by every delivery, which fails with its error.
	hold func(ctx context.Context, collector string) error

	published notes[string]
	arrivals  notes[arrival]
}

// arrival is a record that a collector delivered.
type arrival struct {
	uid, collector string
	at             time.Time
}

func newFleet(t *testing.T, s *site) *fleet {
	return &fleet{T: t, site: s, seen: s.served(t), store: sharedstore.New()}
}

// write publishes entries.
func (f *fleet) write(n int) {
	for range n {
		f.published.add(f.site.write())
	}
}

// load publishes an entry every few milliseconds until it is stopped.
func (f *fleet) load() (stop func()) {
	ctx, cancel := context.WithCancel(f.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(3 * time.Millisecond)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				f.write(1)
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() { cancel(); <-done }
}

var storeID = component.MustNewID("shared_store")

// start starts a collector with keys of its own.
func (f *fleet) start(name string, own keys) *rig {
	f.Helper()
	all := keys{"storage": storeID.String(), "collection_interval": "50ms", "initial_lookback": "1h"}
	maps.Copy(all, f.site.block)
	maps.Copy(all, own)
	next, err := consumer.NewLogs(func(ctx context.Context, logs plog.Logs) error {
		if f.hold != nil {
			if err := f.hold(ctx, name); err != nil {
				return err
			}
		}
		f.take(name, logs)
		return nil
	})
	require.NoError(f, err)
	host := storagetest.NewStorageHost().WithExtension(storeID, sharedstore.NewExtension(f.store))
	if elector, ok := own["k8s_leader_elector"].(*election); ok {
		all["k8s_leader_elector"] = electorID.String()
		host.WithExtension(electorID, elector)
	}
	return startAs(f.T, name, NewFactory(), of(f.T, all), host, next)
}

// candidate starts a collector that reads while an election says so.
func (f *fleet) candidate(name string, e *election) *rig {
	f.Helper()
	return f.start(name, keys{"k8s_leader_elector": e})
}

// shards starts collectors for all shards of so many.
func (f *fleet) shards(count int) (rigs []*rig) {
	f.Helper()
	for i := range count {
		rigs = append(rigs, f.start(fmt.Sprintf("%d-of-%d", i, count), keys{"shard": keys{"index": i, "count": count}}))
	}
	return rigs
}

func (f *fleet) take(collector string, logs plog.Logs) {
	at := time.Now()
	for _, resource := range logs.ResourceLogs().All() {
		for _, record := range resource.ScopeLogs().At(0).LogRecords().All() {
			uid, _ := record.Attributes().Get("log.record.uid")
			f.arrivals.add(arrival{uid.Str(), collector, at})
		}
	}
}

// complete tells whether all that was published has arrived.
func (f *fleet) complete() bool {
	there := f.byUID()
	return !slices.ContainsFunc(f.published.all(), func(uid string) bool { return len(there[uid]) == 0 })
}

// byUID are the arrivals by uid, each in order.
func (f *fleet) byUID() map[string][]arrival {
	found := map[string][]arrival{}
	for _, a := range f.arrivals.all() {
		found[a.uid] = append(found[a.uid], a)
	}
	return found
}

func (f *fleet) eventually(condition func() bool, what string) {
	f.Helper()
	require.Eventually(f, condition, 60*time.Second, 20*time.Millisecond, what)
}

// cycles waits until each log was asked for so many times more, by whomever, and returns when that began.
func (f *fleet) cycles(n int) (began time.Time) {
	f.Helper()
	began = time.Now()
	f.eventually(func() bool {
		found := readers(f.seen, began)
		return !slices.ContainsFunc(f.site.paths, func(path string) bool {
			times := 0
			for _, n := range found[path] {
				times += n
			}
			return times < n
		})
	}, "each log is read again")
	return began
}
