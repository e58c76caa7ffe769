package deliver

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// day lies before the time at which bubbles of synctest begin.
var day = time.Date(1999, 11, 7, 10, 0, 0, 0, time.UTC)

// entry makes a record whose every field tells which entry it is.
type entry int

func (e entry) Record(r plog.LogRecord) {
	r.SetTimestamp(0)
	r.SetEventName(fmt.Sprintf("auth0.%d", e))
	r.Body().SetStr(fmt.Sprintf("body %d", e))
	r.Attributes().PutStr("log.record.uid", fmt.Sprint(int(e)))
}

func (e entry) Time() time.Time {
	if e == 0 {
		return time.Time{}
	}
	return day.Add(time.Duration(e) * time.Minute)
}

func entries(n int) []source.Entry {
	all := make([]source.Entry, n)
	for i := range all {
		all[i] = entry(n - i) // the newest need not be the last
	}
	return all
}

// next is a consumer that answers by a script, spoils what it was given, and remembers what that was.
type next struct {
	answers []func(context.Context, plog.Logs) error // accepts everything when used up
	got     []string                                 // what each call was given
	times   []time.Time
}

func (*next) Capabilities() consumer.Capabilities { return consumer.Capabilities{MutatesData: true} }

func (n *next) ConsumeLogs(ctx context.Context, logs plog.Logs) error {
	n.got, n.times = append(n.got, text(logs)), append(n.times, time.Now())
	if len(n.answers) == 0 {
		return nil
	}
	answer := n.answers[0]
	n.answers = n.answers[1:]
	err := answer(ctx, logs)
	logs.ResourceLogs().RemoveIf(func(plog.ResourceLogs) bool { return true })
	return err
}

func says(err error) func(context.Context, plog.Logs) error {
	return func(context.Context, plog.Logs) error { return err }
}

// text is everything that there is in logs, the names of events too.
func text(logs plog.Logs) string {
	json, err := (&plog.JSONMarshaler{}).MarshalLogs(logs)
	if err != nil {
		return err.Error()
	}
	return string(json)
}

// told is what an observer was told, in order.
type told struct {
	mu     sync.Mutex
	events []string
}

func (o *told) add(format string, args ...any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.events = append(o.events, fmt.Sprintf(format, args...))
}

type key struct{}

func (o *told) Begin(ctx context.Context) (context.Context, func(End)) {
	o.add("begin")
	return context.WithValue(ctx, key{}, "of the observer"), func(e End) {
		o.add("end %d refused %d failed=%t", e.Accepted, e.Refused, e.Err != nil)
	}
}

func (o *told) Refused(context.Context, error) { o.add("refused") }

func (o *told) Accepted(_ context.Context, records int, newest time.Time) {
	if newest.IsZero() {
		o.add("accepted %d", records)
		return
	}
	o.add("accepted %d to %s", records, newest.Format("15:04"))
}

func (o *told) Dropped(_ context.Context, records int, uids []string, _ error) {
	o.add("dropped %d: %s", records, strings.Join(uids, " "))
}

func (o *told) Operated(_ context.Context, before, after int, err error) {
	o.add("operated %d to %d failed=%t", before, after, err != nil)
}

// steady is a configuration whose pauses can be told beforehand: 1, 2, 4, 4, … seconds.
func steady() configretry.BackOffConfig {
	return configretry.BackOffConfig{
		Enabled: true, InitialInterval: time.Second, Multiplier: 2, MaxInterval: 4 * time.Second,
	}
}

func newDeliverer(n *next, retry configretry.BackOffConfig) (*Deliverer, *told) {
	o := &told{}
	return New(Settings{
		Next: n, Retry: retry, Observer: o,
		ServiceName: "auth0", ServiceInstanceID: "acme.eu.auth0.com",
		ScopeName: "scope/receiver", ScopeVersion: "1.2.3",
	}), o
}

// pauses are the times between the calls.
func (n *next) pauses() []time.Duration {
	var pauses []time.Duration
	for i := 1; i < len(n.times); i++ {
		pauses = append(pauses, n.times[i].Sub(n.times[i-1]))
	}
	return pauses
}

// records returns the entries' numbers in what a call was given.
func records(t *testing.T, given string) []string {
	t.Helper()
	logs, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs([]byte(given))
	require.NoError(t, err)
	var uids []string
	for _, resource := range logs.ResourceLogs().All() {
		for _, scope := range resource.ScopeLogs().All() {
			for _, record := range scope.LogRecords().All() {
				uid, _ := record.Attributes().Get("log.record.uid")
				uids = append(uids, uid.Str())
			}
		}
	}
	return uids
}
