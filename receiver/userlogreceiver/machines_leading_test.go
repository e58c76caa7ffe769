package userlogreceiver

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/storagetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"

	"github.com/userlog/userlog-otel/receiver/userlogreceiver/internal/metadatatest"
)

// said is how often a line was logged.
func (r *rig) said(text string) int { return r.logs.FilterMessageSnippet(text).Len() }

const (
	waits = "this collector does not lead; it waits and reads nothing"
	leads = "this collector leads and reads"
)

func TestStandbyReadsNothingAndIsWell(t *testing.T) {
	t.Parallel()
	f := newFleet(t, auth0Users(t, 3))
	f.write(6)
	r := f.candidate("standby", new(election))
	leader := f.candidate("leader", &election{leading: true})
	f.eventually(f.complete, "the leader reads")
	f.cycles(3)
	for path, by := range readers(f.seen, time.Time{}) {
		assert.Equal(t, []string{"leader"}, slices.Collect(maps.Keys(by)), path)
	}
	assert.Equal(t, 1, r.said(waits))
	assert.Zero(t, r.said(leads))
	assert.Zero(t, leader.said(waits))
	assert.Equal(t, 1, leader.said(leads))
	statuses, _ := r.host.statuses()
	assert.Empty(t, statuses, "it is as well as it began")
	r.assertAges(false)
	leader.assertAges(true)
}

// assertAges tells whether ages are measured, which alarm when they grow. The number of logs always is.
func (r *rig) assertAges(want bool) {
	r.Helper()
	_, err := r.telemetry.GetMetric("otelcol_receiver.user_log.users")
	require.NoError(r, err)
	for _, name := range []string{"cursor.age", "newest_entry.age"} {
		_, err := r.telemetry.GetMetric("otelcol_receiver.user_log." + name)
		assert.Equal(r, want, err == nil, name)
	}
}

// Whoever leads begins where the others have stored that they are, also if it led before.
func TestLeadershipGoesToAndFro(t *testing.T) {
	for _, s := range sites(t, 5) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			f := newFleet(t, s)
			elections := []*election{{}, {}}
			for i, name := range []string{"a", "b"} {
				f.candidate(name, elections[i])
			}
			for turn := range 5 {
				f.write(20)
				e := elections[turn%2]
				term, lost := context.WithCancel(t.Context())
				e.wins(term)
				f.eventually(f.complete, "the leader delivers")
				f.write(20)
				f.eventually(f.complete, "the leader delivers")
				f.cycles(2)
				lost()
				e.loses()
				f.eventually(func() bool { return f.idle(100 * time.Millisecond) }, "it stops")
			}
			for uid, arrivals := range f.byUID() {
				assert.Len(t, arrivals, 1, uid)
			}
			assert.Empty(t, f.store.Refusals())
		})
	}
}

// idle tells whether nobody asked for anything lately.
func (f *fleet) idle(lately time.Duration) bool {
	requests := f.seen.of("")
	return time.Since(requests[len(requests)-1].at) > lately
}

// Leadership goes while a page is delivered: the call returns at once, what the consumer still takes is stored, what it
// does not take the next leader delivers.
func TestHandOverInTheMiddleOfAPage(t *testing.T) {
	const logs, each = 4, 100
	for _, test := range []struct {
		name string
		// last is how a consumer ends what it was given before leadership went.
		last  func(ctx context.Context, gone <-chan struct{}) error
		taken int // of these entries
	}{
		{"that is taken", func(ctx context.Context, gone <-chan struct{}) error {
			select {
			case <-gone: // it is not cut short then
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}, logs * each},
		{"that is taken in the last moment", func(ctx context.Context, _ <-chan struct{}) error {
			<-ctx.Done() // as long as it may take
			return nil
		}, logs * each},
		{"that is refused", func(ctx context.Context, _ <-chan struct{}) error {
			<-ctx.Done()
			return errors.New("full")
		}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := newFleet(t, auth0Users(t, logs))
			f.write(logs * each)
			var under atomic.Int32
			gone := make(chan struct{})
			f.hold = func(ctx context.Context, collector string) error {
				if collector == "b" {
					return nil
				}
				under.Add(1)
				return test.last(ctx, gone)
			}
			a, b := new(election), new(election)
			f.candidate("a", a)
			f.candidate("b", b)
			a.wins(context.Background())
			f.eventually(func() bool { return under.Load() == logs }, "deliveries are under way")
			began := time.Now()
			a.loses()
			assert.Less(t, time.Since(began), time.Second, "the elector holds a lock meanwhile")
			time.AfterFunc(deliveryLasts, func() { close(gone) })
			f.eventually(func() bool { return f.idle(3 * time.Second) }, "it has handed over")
			b.wins(context.Background())
			f.eventually(f.complete, "the next leader delivers the rest")
			f.cycles(2)
			taken := 0
			for uid, arrivals := range f.byUID() {
				assert.Len(t, arrivals, 1, uid)
				if arrivals[0].collector == "a" {
					taken++
				}
			}
			assert.Equal(t, test.taken, taken)
		})
	}
}

// deliveryLasts is how long a consumer takes that is about to accept: less than it is given.
const deliveryLasts = 300 * time.Millisecond

// What failed is the next leader's to tell: who no longer leads is well.
func TestProblemsEndWithLeadership(t *testing.T) {
	t.Parallel()
	s := auth0Users(t, 2)
	s.api = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) })
	f := newFleet(t, s)
	e := &election{leading: true}
	r := f.candidate("a", e)
	status := func() componentstatus.Status {
		statuses, _ := r.host.statuses()
		if len(statuses) == 0 {
			return componentstatus.StatusNone
		}
		return last(statuses)
	}
	f.eventually(func() bool { return status() == componentstatus.StatusRecoverableError }, "the API refuses")
	e.loses()
	f.eventually(func() bool { return status() == componentstatus.StatusOK }, "it is well")
	f.eventually(func() bool { return r.said(waits) == 1 }, "it waits")
	r.assertAges(false)
	e.wins(context.Background())
	f.eventually(func() bool { return status() == componentstatus.StatusRecoverableError }, "it is told again")
}

func TestShutdownInEveryStateOfAnElection(t *testing.T) {
	for name, bring := range map[string]func(*fleet, *election){
		"standby":   func(*fleet, *election) {},
		"leads":     func(f *fleet, e *election) { e.wins(context.Background()); f.eventually(f.complete, "it reads") },
		"hand-over": func(_ *fleet, e *election) { e.wins(context.Background()); e.loses() },
		"wins, loses, wins": func(_ *fleet, e *election) {
			e.wins(context.Background())
			e.loses()
			e.wins(context.Background())
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFleet(t, auth0Users(t, 2))
			f.write(10)
			e := new(election)
			r := f.candidate("a", e)
			bring(f, e)
			r.stop()
			asked := len(f.seen.of(""))
			e.wins(context.Background()) // the extension ends after the receivers
			e.loses()
			assert.Len(t, f.seen.of(""), asked)
			assert.Empty(t, f.store.Refusals(), "no client is used after it was closed")
		})
	}
}

func TestElectorThatIsNoneIsAnErrorAtStart(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		host component.Host
		want string
	}{
		"missing": {
			storagetest.NewStorageHost(),
			`k8s_leader_elector: extension "k8s_leader_elector" is not there: add it under extensions and service::extensions`,
		},
		"another": {
			storagetest.NewStorageHost().WithExtension(electorID, &authenticator{}),
			`k8s_leader_elector: extension "k8s_leader_elector" is no leader elector: use k8s_leader_elector`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			telemetry := componenttest.NewTelemetry()
			cfg := configured(t, "http://127.0.0.1:1", keys{"k8s_leader_elector": electorID.String()})
			r, err := NewFactory().CreateLogs(t.Context(), metadatatest.NewSettings(telemetry), cfg, consumertest.NewNop())
			require.NoError(t, err)
			assert.EqualError(t, r.Start(t.Context(), test.host), test.want)
			assert.NoError(t, r.Shutdown(t.Context()))
		})
	}
}

func TestElectorWithoutStorageIsWarnedOf(t *testing.T) {
	t.Parallel()
	host := storagetest.NewStorageHost().WithExtension(electorID, new(election))
	r := start(t, configured(t, "http://127.0.0.1:1", keys{"k8s_leader_elector": electorID.String()}), host)
	assert.Equal(t, 1, r.said("k8s_leader_elector is set and storage is not"))
}

func TestShardWithoutALogSaysSo(t *testing.T) {
	t.Parallel()
	f := newFleet(t, auth0Tenant(t))
	f.write(1)
	idle := 0
	for _, r := range f.shards(3) {
		f.eventually(f.complete, "one shard reads")
		f.cycles(5)
		idle += r.said("of 3 has none of the 1 logs of the source and stays idle")
	}
	assert.Equal(t, 2, idle)
}
