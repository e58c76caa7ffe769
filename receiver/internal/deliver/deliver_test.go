package deliver

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/goleak"
	"go.uber.org/multierr"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	errBusy  = errors.New("busy")
	errNever = consumererror.NewPermanent(errors.New("never"))
)

// part is the refusal of all records but the given number of first ones.
func part(err error, accepted int) func(context.Context, plog.Logs) error {
	return func(_ context.Context, logs plog.Logs) error {
		rest := plog.NewLogs()
		logs.CopyTo(rest)
		i := 0
		rest.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().RemoveIf(func(plog.LogRecord) bool {
			i++
			return i <= accepted
		})
		return consumererror.NewLogs(err, rest)
	}
}

func TestRecordsAreBuiltWithResourceAndScope(t *testing.T) {
	n := &next{}
	d, _ := newDeliverer(n, steady())
	require.NoError(t, d.Deliver(t.Context(), entries(2)))
	assert.JSONEq(t, `{"resourceLogs":[{
		"resource":{"attributes":[
			{"key":"service.name","value":{"stringValue":"auth0"}},
			{"key":"service.instance.id","value":{"stringValue":"acme.eu.auth0.com"}}]},
		"scopeLogs":[{"scope":{"name":"scope/receiver","version":"1.2.3"},"logRecords":[
			{"body":{"stringValue":"body 2"},"attributes":[{"key":"log.record.uid","value":{"stringValue":"2"}}],"eventName":"auth0.2"},
			{"body":{"stringValue":"body 1"},"attributes":[{"key":"log.record.uid","value":{"stringValue":"1"}}],"eventName":"auth0.1"}
		]}]}]}`, n.got[0])
}

func TestDelivery(t *testing.T) {
	all, last := []string{"3", "2", "1"}, []string{"1"}
	isolating := [][]string{all, {"3"}, {"2", "1"}, {"2"}, {"1"}}
	with := func(change func(*configretry.BackOffConfig)) configretry.BackOffConfig {
		c := steady()
		change(&c)
		return c
	}
	for _, test := range []struct {
		name    string
		answers []func(context.Context, plog.Logs) error
		retry   configretry.BackOffConfig
		calls   [][]string // the records of each
		pauses  []time.Duration
		told    []string
		wantErr error
	}{
		{
			name: "accepted at once", retry: steady(), calls: [][]string{all},
			told: []string{"begin", "accepted 3 to 10:03", "end 3 refused 0 failed=false"},
		},
		{
			name: "refused three times, then accepted", retry: steady(),
			answers: []func(context.Context, plog.Logs) error{says(errBusy), says(errBusy), says(errBusy)},
			calls:   [][]string{all, all, all, all}, pauses: []time.Duration{time.Second, 2 * time.Second, 4 * time.Second},
			told: []string{"begin", "refused", "refused", "refused", "accepted 3 to 10:03", "end 3 refused 0 failed=false"},
		},
		{
			name: "refused in part: only the rest is repeated", retry: steady(),
			answers: []func(context.Context, plog.Logs) error{part(errBusy, 2), says(errBusy)},
			calls:   [][]string{all, last, last}, pauses: []time.Duration{time.Second, 2 * time.Second},
			told: []string{"begin", "accepted 2 to 10:03", "refused", "refused", "accepted 1 to 10:01", "end 3 refused 0 failed=false"},
		},
		{
			name: "refused in part again and again", retry: steady(),
			answers: []func(context.Context, plog.Logs) error{part(errBusy, 1), part(errBusy, 1)},
			calls:   [][]string{all, {"2", "1"}, last}, pauses: []time.Duration{time.Second, 2 * time.Second},
			told: []string{"begin", "accepted 1 to 10:03", "refused", "accepted 1 to 10:02", "refused", "accepted 1 to 10:01", "end 3 refused 0 failed=false"},
		},
		{
			name: "refused in part, wrapped", retry: steady(),
			answers: []func(context.Context, plog.Logs) error{func(ctx context.Context, l plog.Logs) error {
				return errors.Join(fmt.Errorf("exporter: %w", part(errBusy, 2)(ctx, l)))
			}},
			calls: [][]string{all, last}, pauses: []time.Duration{time.Second},
			told: []string{"begin", "accepted 2 to 10:03", "refused", "accepted 1 to 10:01", "end 3 refused 0 failed=false"},
		},
		{
			name: "a part of nothing is repeated whole", retry: steady(),
			answers: []func(context.Context, plog.Logs) error{says(consumererror.NewLogs(errBusy, plog.NewLogs()))},
			calls:   [][]string{all, all}, pauses: []time.Duration{time.Second},
			told: []string{"begin", "refused", "accepted 3 to 10:03", "end 3 refused 0 failed=false"},
		},
		{
			name: "two pipelines, one refuses in part and the other wholly: all is repeated", retry: steady(),
			answers: []func(context.Context, plog.Logs) error{func(ctx context.Context, l plog.Logs) error {
				return multierr.Append(part(errBusy, 2)(ctx, l), errBusy)
			}},
			calls: [][]string{all, all}, pauses: []time.Duration{time.Second},
			told: []string{"begin", "refused", "accepted 3 to 10:03", "end 3 refused 0 failed=false"},
		},
		{
			name: "two pipelines, one refuses for good and the other for now: all is repeated whole", retry: steady(),
			answers: []func(context.Context, plog.Logs) error{says(multierr.Append(errNever, errBusy))},
			calls:   [][]string{all, all}, pauses: []time.Duration{time.Second},
			told: []string{"begin", "refused", "accepted 3 to 10:03", "end 3 refused 0 failed=false"},
		},
		{
			name: "two pipelines refuse for good what is one record's fault", retry: steady(),
			answers: []func(context.Context, plog.Logs) error{
				says(multierr.Append(errNever, errNever)), says(nil), says(multierr.Append(errNever, errNever)), says(errNever),
			},
			calls: isolating, pauses: []time.Duration{0, 0, 0, 0},
			told: []string{"begin", "accepted 1 to 10:03", "accepted 1 to 10:01", "dropped 1: 2", "end 2 refused 1 failed=true"},
		},
		{
			name: "all refused for good: each is dropped and told", retry: steady(),
			answers: slices.Repeat([]func(context.Context, plog.Logs) error{says(fmt.Errorf("exporter: %w", errNever))}, 5),
			calls:   isolating, pauses: []time.Duration{0, 0, 0, 0},
			told: []string{"begin", "dropped 3: 3 2 1", "end 0 refused 3 failed=true"},
		},
		{
			name: "refused for good whatever is inside", retry: steady(),
			answers: []func(context.Context, plog.Logs) error{says(errNever), says(consumererror.NewPermanent(errors.Join(errNever, errBusy)))},
			calls:   [][]string{all, {"3"}, {"2", "1"}}, pauses: []time.Duration{0, 0},
			told: []string{"begin", "accepted 2 to 10:02", "dropped 1: 3", "end 2 refused 1 failed=true"},
		},
		{
			name: "half of what was refused for good is refused for now: it is repeated", retry: steady(),
			answers: []func(context.Context, plog.Logs) error{says(errBusy), says(errNever), says(errNever), says(errBusy)},
			calls:   [][]string{all, all, {"3"}, {"2", "1"}, {"2", "1"}}, pauses: []time.Duration{time.Second, 0, 0, time.Second},
			told: []string{"begin", "refused", "refused", "accepted 2 to 10:02", "dropped 1: 3", "end 2 refused 1 failed=true"},
		},
		{
			name: "a part is refused for good: only that is searched", retry: steady(),
			answers: []func(context.Context, plog.Logs) error{part(errNever, 1), says(nil), says(errNever)},
			calls:   [][]string{all, {"2"}, {"1"}}, pauses: []time.Duration{0, 0},
			told: []string{"begin", "accepted 1 to 10:03", "accepted 1 to 10:02", "dropped 1: 1", "end 2 refused 1 failed=true"},
		},
		{
			name: "what a processor did to the records is not handed on to it again", retry: steady(),
			answers: []func(context.Context, plog.Logs) error{func(ctx context.Context, l plog.Logs) error {
				for _, record := range l.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
					record.Body().SetStr("processed")
				}
				return part(errBusy, 2)(ctx, l)
			}, says(errBusy)},
			calls: [][]string{all, last, last}, pauses: []time.Duration{time.Second, 2 * time.Second},
			told: []string{"begin", "accepted 2 to 10:03", "refused", "refused", "accepted 1 to 10:01", "end 3 refused 0 failed=false"},
		},
		{
			name: "a part whose records nobody knows is repeated whole", retry: steady(),
			answers: []func(context.Context, plog.Logs) error{func(ctx context.Context, l plog.Logs) error {
				for _, record := range l.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
					record.Attributes().Clear()
				}
				return part(errNever, 2)(ctx, l)
			}},
			calls: [][]string{all, {"3"}, {"2", "1"}}, pauses: []time.Duration{0, 0},
			told: []string{"begin", "accepted 1 to 10:03", "accepted 2 to 10:02", "end 3 refused 0 failed=false"},
		},
		{
			name: "more records than were handed on are no part of them", retry: steady(),
			answers: []func(context.Context, plog.Logs) error{func(_ context.Context, l plog.Logs) error {
				l.ResourceLogs().At(0).CopyTo(l.ResourceLogs().AppendEmpty())
				return consumererror.NewLogs(errBusy, l)
			}},
			calls: [][]string{all, all}, pauses: []time.Duration{time.Second},
			told: []string{"begin", "refused", "accepted 3 to 10:03", "end 3 refused 0 failed=false"},
		},
		{
			name: "without retry: once, and not as delivered", retry: configretry.BackOffConfig{},
			answers: []func(context.Context, plog.Logs) error{says(errBusy)},
			calls:   [][]string{all}, told: []string{"begin", "refused", "end 0 refused 3 failed=true"}, wantErr: errBusy,
		},
		{
			name:    "retry until max_elapsed_time, and not as delivered",
			retry:   with(func(c *configretry.BackOffConfig) { c.MaxElapsedTime = 3 * time.Second }),
			answers: []func(context.Context, plog.Logs) error{says(errBusy), says(errBusy), says(errBusy)},
			calls:   [][]string{all, all, all}, pauses: []time.Duration{time.Second, 2 * time.Second},
			told: []string{"begin", "refused", "refused", "refused", "end 0 refused 3 failed=true"}, wantErr: errBusy,
		},
		{
			name:    "no pauses configured: a small one all the same",
			retry:   with(func(c *configretry.BackOffConfig) { c.InitialInterval, c.MaxInterval = 0, 0 }),
			answers: []func(context.Context, plog.Logs) error{says(errBusy), says(errBusy)},
			calls:   [][]string{all, all, all}, pauses: []time.Duration{minPause, minPause},
			told: []string{"begin", "refused", "refused", "accepted 3 to 10:03", "end 3 refused 0 failed=false"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := &next{answers: slices.Clone(test.answers)}
				d, o := newDeliverer(n, test.retry)
				err := d.Deliver(t.Context(), entries(3))
				assert.ErrorIs(t, err, test.wantErr)
				assert.Equal(t, test.told, o.events)
				assert.Equal(t, test.pauses, n.pauses())
				var calls [][]string
				for _, given := range n.got {
					calls = append(calls, records(t, given))
				}
				assert.Equal(t, test.calls, calls)
				for i := 1; i < len(n.got); i++ {
					if slices.Equal(calls[i], calls[i-1]) {
						assert.Equal(t, n.got[i-1], n.got[i], "the same records, whatever the consumer did to them")
					}
				}
			})
		})
	}
}

func TestRefusedForEverIsRepeatedForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &next{}
		for range 20_000 {
			n.answers = append(n.answers, says(errBusy))
		}
		d, _ := newDeliverer(n, steady())
		began := time.Now()
		require.NoError(t, d.Deliver(t.Context(), entries(1)))
		assert.Greater(t, time.Since(began), 20*time.Hour)
		for _, pause := range n.pauses() {
			assert.LessOrEqual(t, pause, 4*time.Second)
		}
	})
}

func TestShutdownEndsTheWaitAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer stop()
		n := &next{answers: []func(context.Context, plog.Logs) error{says(errBusy)}}
		d, o := newDeliverer(n, steady())
		began := time.Now()
		require.ErrorIs(t, d.Deliver(ctx, entries(1)), context.DeadlineExceeded)
		assert.Equal(t, 500*time.Millisecond, time.Since(began))
		assert.Len(t, n.got, 1, "no attempt after the end")
		assert.Equal(t, []string{"begin", "refused", "end 0 refused 1 failed=true"}, o.events)
	})
}

func TestNothingIsSentAfterShutdown(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	n := &next{}
	d, _ := newDeliverer(n, steady())
	require.ErrorIs(t, d.Deliver(ctx, entries(1)), context.Canceled)
	assert.Empty(t, n.got)
}

// A consumer that is about to accept must not be interrupted: the records would come again after the restart.
func TestShutdownLetsTheConsumerFinish(t *testing.T) {
	for _, test := range []struct {
		name   string
		takes  time.Duration
		answer error // after that time
		ends   time.Duration
		want   error
		last   string
	}{
		{"accepts in time", time.Second, nil, time.Second, nil, "end 1 refused 0 failed=false"},
		{"refuses in time", time.Second, errBusy, time.Second, context.Canceled, "end 0 refused 1 failed=true"},
		{"refuses for good, perhaps because of the end", time.Second, errNever, time.Second, context.Canceled, "end 0 refused 1 failed=true"},
		{"takes too long", time.Minute, nil, linger, context.Canceled, "end 0 refused 1 failed=true"},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, stop := context.WithCancel(t.Context())
				n := &next{answers: []func(context.Context, plog.Logs) error{func(ctx context.Context, _ plog.Logs) error {
					assert.Equal(t, "of the observer", ctx.Value(key{}))
					stop()
					select {
					case <-time.After(test.takes):
						return test.answer
					case <-ctx.Done():
						return ctx.Err()
					}
				}}}
				d, o := newDeliverer(n, steady())
				began := time.Now()
				require.ErrorIs(t, d.Deliver(ctx, entries(1)), test.want)
				assert.Equal(t, test.ends, time.Since(began))
				assert.Equal(t, test.last, o.events[len(o.events)-1])
				assert.NotContains(t, o.events, "dropped 1")
			})
		})
	}
}
