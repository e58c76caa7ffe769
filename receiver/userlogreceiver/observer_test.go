package userlogreceiver

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	emulator "github.com/userlog/userlog-otel/internal/emulator/auth0"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// increase() in Prometheus does not see the first event of a counter that begins with it.
func TestCountersAreThereBeforeAnythingHappens(t *testing.T) {
	r := start(t, configured(t, "http://127.0.0.1:1", keys{"initial_delay": "1h"}), componenttest.NewNopHost())
	for _, name := range []string{
		"bytes.read", "cursors.rejected", "entries.delivered", "entries.read", "entries.refused", "entries.repeated",
		"entries.filtered", "entries.skipped", "gaps", "requests", "responses.rejected", "throttled.time",
	} {
		assert.Zero(t, sum(t, r.telemetry, name), name)
	}
	requests, err := r.telemetry.GetMetric("otelcol_receiver.user_log.requests")
	require.NoError(t, err)
	points := requests.Data.(metricdata.Sum[int64]).DataPoints
	require.Len(t, points, 1)
	assert.Equal(t, attribute.NewSet(attribute.String("receiver", "user_log"), attribute.String("status_class", "2xx")), points[0].Attributes)
}

func TestEntriesRefusedForGoodAreCounted(t *testing.T) {
	tenant, address := serve(t, emulator.Options{})
	require.NoError(t, tenant.Publish(user, entryOf("900a", time.Now()), entryOf("900b", time.Now())))
	next, err := consumer.NewLogs(func(context.Context, plog.Logs) error { return consumererror.NewPermanent(errors.New("too old")) })
	require.NoError(t, err)
	r := startInto(t, configured(t, address, nil), componenttest.NewNopHost(), next)
	r.more(3, tenant)
	assert.InDelta(t, 2, sum(t, r.telemetry, "entries.refused"), 0)
	assert.Zero(t, sum(t, r.telemetry, "entries.delivered"))
	assert.Equal(t, 1, r.logs.FilterMessageSnippet("refused records for good").Len())
}

func TestEntryOfTheFutureDoesNotSpoilTheAgeOfTheNewest(t *testing.T) {
	tenant, address := serve(t, emulator.Options{})
	require.NoError(t, tenant.Publish(user, entryOf("900a", time.Now().Add(-time.Minute)), entryOf("900b", time.Now().AddDate(70, 0, 0))))
	r := start(t, configured(t, address, nil), componenttest.NewNopHost())
	r.eventually(func() bool { return r.sink.LogRecordCount() == 2 }, "both arrive")
	r.more(2, tenant)
	age, err := r.telemetry.GetMetric("otelcol_receiver.user_log.newest_entry.age")
	require.NoError(t, err)
	assert.InDelta(t, 70, age.Data.(metricdata.Gauge[float64]).DataPoints[0].Value, 11, "seconds")
}

func TestAnyAnswerThatDoesNotAskToWaitEndsTheThrottling(t *testing.T) {
	for status, ends := range map[int]bool{
		http.StatusOK: true, http.StatusBadRequest: true, http.StatusForbidden: true, http.StatusNotFound: true,
		http.StatusInternalServerError: true, http.StatusTooManyRequests: false, 0: false,
	} {
		p := apart(t, nil, accepts)
		p.observer.Throttled(t.Context(), -calmAfter-time.Second) // a wait that ended a while ago
		p.observer.Answered(t.Context(), status, time.Second, 0)
		assert.Equal(t, ends, last(p.status.all()) == "StatusOK", status)
	}
}

func TestThrottlingAgainAndAgainIsOneState(t *testing.T) {
	p := apart(t, nil, accepts)
	for range 5 {
		p.observer.Throttled(t.Context(), time.Second)
		p.observer.Answered(t.Context(), http.StatusOK, time.Second, 0)
	}
	assert.Len(t, p.status.all(), 1)
}

func TestGapIsToldAgainOnceTheLogWasReadPastIt(t *testing.T) {
	p, from := apart(t, nil, accepts), time.Now()
	gap := func(minutes int) source.Gap {
		return source.Gap{From: from, To: from.Add(time.Duration(minutes) * time.Minute), Reason: "the API is short"}
	}
	counted := func(n int, when string) {
		t.Helper()
		assert.InDelta(t, n, sum(t, p.telemetry, "gaps"), 0, when)
	}
	p.observer.Gap(t.Context(), user, gap(1))
	p.observer.Polled(user, errors.New("busy"))
	p.observer.Gap(t.Context(), user, gap(1))
	counted(1, "the same read, repeated")
	p.observer.Gap(t.Context(), "another", gap(1))
	counted(2, "another log")
	p.observer.Gap(t.Context(), user, gap(2))
	counted(3, "another gap")
	p.observer.Polled(user, nil)
	p.observer.Gap(t.Context(), user, gap(2))
	counted(4, "read past and found anew")
}

func TestUserThatIsNoLongerListedHasNoProblems(t *testing.T) {
	p := apart(t, nil, accepts)
	p.observer.Gap(t.Context(), user, source.Gap{From: time.Now(), To: time.Now(), Reason: "the API is short"})
	p.observer.Polled(user, &source.Error{Kind: source.Gone})
	require.NotEqual(t, "StatusOK", last(p.status.all()))
	p.observer.Unlisted(user)
	assert.Equal(t, "StatusOK", last(p.status.all()))
	assert.Empty(t, p.observer.gaps)
}

func TestNoConnectionStaysOpenAfterShutdown(t *testing.T) {
	server, address := recorded(t, emulator.New(emulator.Options{}))
	other, otherAddress := recorded(t, emulator.New(emulator.Options{}))
	r := start(t, configured(t, address, keys{"auth0": keys{
		"client_id": "a", "client_secret": canary, "token_url": otherAddress + "/oauth/token", "headers": keys{"X-Probe": "x"},
	}}), componenttest.NewNopHost())
	r.eventually(func() bool { return len(server.of(userPath)) > 0 }, "the log is read")
	assert.Equal(t, []int{1, 1}, []int{server.connections(), other.connections()}, "kept for the next read")
	r.stop()
	r.eventually(func() bool { return server.connections()+other.connections() == 0 }, "both are closed")
}

func TestReadThatLastsIsWellBeforeItEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log counted
		var works atomic.Bool
		p := apart(t, keys{"collection_interval": "1h"}, accepts)
		p.runs(t, provided{reader: endless{reader(func(after source.Cursor) (source.Batch, error) {
			if !works.Load() {
				return source.Batch{}, &source.Error{Kind: source.Transient, Err: errors.New("unreachable")}
			}
			time.Sleep(time.Second)
			return log.read(after)
		})}, lister: only(user)}, nil)
		synctest.Wait()
		require.Contains(t, last(p.status.all()), "unreachable")
		works.Store(true)
		time.Sleep(10 * time.Minute) // the read goes on for ever
		synctest.Wait()
		require.Greater(t, len(log.from.all()), 100)
		assert.Equal(t, "StatusOK", last(p.status.all()))
		require.NoError(t, p.Shutdown(t.Context()))
	})
}

// endless is a reader whose reads do not end.
type endless struct{ reader }

func (e endless) Read(ctx context.Context, subject source.Subject, after source.Cursor) iter.Seq2[source.Batch, error] {
	return func(yield func(source.Batch, error) bool) {
		for ctx.Err() == nil {
			batch, err := e.reader(after)
			if !yield(batch, err) || err != nil {
				return
			}
			after = batch.Cursor
		}
		yield(source.Batch{}, ctx.Err())
	}
}

func TestRefusalForGoodEndsTheRefusalForNow(t *testing.T) {
	p := apart(t, nil, accepts)
	p.observer.Refused(t.Context(), errors.New("busy"))
	require.NotEqual(t, "StatusOK", last(p.status.all()))
	p.observer.Dropped(t.Context(), 1, []string{"900a"}, errors.New("too old"))
	assert.Equal(t, "StatusOK", last(p.status.all()))
}

// An operator that fails on some pages and not on others is told once.
func TestOperatorsThatFailNowAndThenAreToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := apart(t, nil, accepts)
		for n := range 20 {
			var err error
			if n%3 == 0 {
				err = fmt.Errorf("failure %d", n)
			}
			p.observer.Operated(t.Context(), 10, 9, err)
			time.Sleep(time.Second)
		}
		assert.Equal(t, 1, p.logs.FilterMessageSnippet("operators").Len())
		time.Sleep(calmAfter)
		p.observer.Operated(t.Context(), 10, 10, nil)
		assert.Equal(t, 1, p.logs.FilterMessageSnippet("operators work on all records again").Len())
		assert.Len(t, p.status.all(), 2)
		p.observer.Operated(t.Context(), 1, 2, nil)
		assert.InDelta(t, 20, sum(t, p.telemetry, "entries.skipped"), 0, "more records than entries take nothing off")
	})
}
