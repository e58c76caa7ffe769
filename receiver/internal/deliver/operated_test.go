package deliver

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// operators are a function, and count how often they are called.
type operators struct {
	do    func(plog.Logs) (plog.Logs, error)
	calls int
}

func (o *operators) Process(_ context.Context, logs plog.Logs) (plog.Logs, error) {
	o.calls++
	return o.do(logs)
}

// stamped are records that say in which call of the operators they were made.
func stamped() *operators {
	o := &operators{}
	o.do = func(logs plog.Logs) (plog.Logs, error) {
		for i, record := range logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
			record.Attributes().PutInt("call", int64(o.calls))
			record.SetTimestamp(pcommon.NewTimestampFromTime(day.Add(time.Duration(i) * time.Minute)))
		}
		return logs, nil
	}
	return o
}

// without leaves out the records with the given numbers.
func without(uids ...string) *operators {
	return &operators{do: func(logs plog.Logs) (plog.Logs, error) {
		logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().RemoveIf(func(record plog.LogRecord) bool {
			uid, _ := record.Attributes().Get("log.record.uid")
			return strings.Contains(" "+strings.Join(uids, " ")+" ", " "+uid.Str()+" ")
		})
		return logs, nil
	}}
}

func newOperating(n *next, o *operators) (*Deliverer, *told) {
	d, seen := newDeliverer(n, steady())
	d.s.Operators = o
	return d, seen
}

func TestARefusedDeliveryIsRepeatedWithWhatOperatorsMadeOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &next{answers: []func(context.Context, plog.Logs) error{says(errBusy), says(errBusy)}}
		o := stamped()
		d, seen := newOperating(n, o)
		err := d.Deliver(t.Context(), entries(3))
		require.NoError(t, err)
		assert.Equal(t, 1, o.calls)
		require.Len(t, n.got, 3)
		assert.Equal(t, n.got[0], n.got[1])
		assert.Equal(t, n.got[0], n.got[2])
		assert.Contains(t, n.got[2], `{"key":"call","value":{"intValue":"1"}}`)
		assert.Equal(t, []string{
			"begin", "operated 3 to 3 failed=false", "refused", "refused", "accepted 3 to 10:02", "end 3 refused 0 failed=false",
		}, seen.events)
	})
}

func TestWhatOperatorsMadeIsSearchedForTheRecordThatIsRefusedForGood(t *testing.T) {
	n := &next{answers: []func(context.Context, plog.Logs) error{says(errNever), says(nil), says(errNever), says(errNever), says(nil)}}
	o := without("3")
	d, seen := newOperating(n, o)
	err := d.Deliver(t.Context(), entries(5))
	require.NoError(t, err)
	var calls [][]string
	for _, given := range n.got {
		calls = append(calls, records(t, given))
	}
	assert.Equal(t, [][]string{{"5", "4", "2", "1"}, {"5", "4"}, {"2", "1"}, {"2"}, {"1"}}, calls)
	assert.Equal(t, 1, o.calls)
	assert.Equal(t, []string{
		"begin", "operated 5 to 4 failed=false", "accepted 2", "accepted 1", "dropped 1: 2", "end 3 refused 1 failed=true",
	}, seen.events)
}

func TestOfWhatOperatorsMadeOnlyTheRestIsRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &next{answers: []func(context.Context, plog.Logs) error{part(errBusy, 1)}}
		d, _ := newOperating(n, without("3"))
		err := d.Deliver(t.Context(), entries(3))
		require.NoError(t, err)
		require.Len(t, n.got, 2)
		assert.Equal(t, []string{"2", "1"}, records(t, n.got[0]))
		assert.Equal(t, []string{"1"}, records(t, n.got[1]))
	})
}

func TestNobodyIsAskedToTakeNothing(t *testing.T) {
	n := &next{}
	d, seen := newOperating(n, without("1", "2"))
	err := d.Deliver(t.Context(), entries(2))
	require.NoError(t, err, "what operators leave out is done with")
	assert.Empty(t, n.got)
	assert.Equal(t, []string{"begin", "operated 2 to 0 failed=false", "end 0 refused 0 failed=false"}, seen.events)
}

func TestWhatOperatorsFailOnIsToldAndDelivered(t *testing.T) {
	n := &next{}
	o := &operators{do: func(logs plog.Logs) (plog.Logs, error) { return logs, errors.New("move: from is not there") }}
	d, seen := newOperating(n, o)
	err := d.Deliver(t.Context(), entries(2))
	require.NoError(t, err)
	require.Len(t, n.got, 1)
	assert.Equal(t, []string{"2", "1"}, records(t, n.got[0]))
	assert.Equal(t, []string{"begin", "operated 2 to 2 failed=true", "accepted 2", "end 2 refused 0 failed=false"}, seen.events)
}

func TestMoreRecordsThanEntriesAreAllDelivered(t *testing.T) {
	n := &next{}
	o := &operators{do: func(logs plog.Logs) (plog.Logs, error) {
		all := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
		for i := range all.Len() {
			all.At(i).CopyTo(all.AppendEmpty())
		}
		return logs, nil
	}}
	d, seen := newOperating(n, o)
	err := d.Deliver(t.Context(), entries(2))
	require.NoError(t, err)
	assert.Equal(t, []string{"2", "1", "2", "1"}, records(t, n.got[0]))
	assert.Equal(t, []string{"begin", "operated 2 to 4 failed=false", "accepted 4", "end 4 refused 0 failed=false"}, seen.events)
}

// Every attempt has the resources and scopes that the operators gave the records, and only those of its records.
func TestResourcesAndScopesAreThoseOfTheOperators(t *testing.T) {
	made := plog.NewLogs()
	uid := 0
	for _, service := range []string{"a", "b"} {
		resource := made.ResourceLogs().AppendEmpty()
		resource.Resource().Attributes().PutStr("service.name", service)
		resource.SetSchemaUrl("https://example.com/" + service)
		for _, name := range []string{"x", "y"} {
			scope := resource.ScopeLogs().AppendEmpty()
			scope.Scope().SetName(name)
			scope.SetSchemaUrl("https://example.com/" + name)
			for range 2 {
				uid++
				entry(uid).Record(scope.LogRecords().AppendEmpty())
			}
		}
	}
	whole := text(made)
	n := &next{answers: []func(context.Context, plog.Logs) error{says(errNever)}}
	d, _ := newOperating(n, &operators{do: func(plog.Logs) (plog.Logs, error) { return made, nil }})
	err := d.Deliver(t.Context(), entries(1))
	require.NoError(t, err)
	require.Len(t, n.got, 3)
	assert.JSONEq(t, whole, n.got[0])
	half := func(i int) string {
		logs := plog.NewLogs()
		made.ResourceLogs().At(i).CopyTo(logs.ResourceLogs().AppendEmpty())
		return text(logs)
	}
	assert.JSONEq(t, half(0), n.got[1])
	assert.JSONEq(t, half(1), n.got[2])
}

func TestWhatWasOperatedOnButNotDeliveredIsNotTakenAsDelivered(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	n := &next{}
	o := stamped()
	do := o.do
	o.do = func(logs plog.Logs) (plog.Logs, error) { stop(); return do(logs) }
	d, _ := newOperating(n, o)
	err := d.Deliver(ctx, entries(2))
	require.ErrorIs(t, err, context.Canceled)
	assert.Empty(t, n.got)
}

// A consumer may say which records are left. Those are known by their ids; where operators took them away, or made several
// records of one entry, all are repeated, because to take the wrong ones for accepted would lose others.
func TestRecordsThatOperatorsMadeAlikeAreNotTakenForEachOther(t *testing.T) {
	for name, do := range map[string]func(plog.LogRecordSlice){
		"without ids": func(records plog.LogRecordSlice) {
			for _, record := range records.All() {
				record.Attributes().Remove("log.record.uid")
			}
		},
		"copies": func(records plog.LogRecordSlice) {
			for i := range records.Len() {
				record := records.AppendEmpty()
				records.At(i).CopyTo(record)
				record.Body().SetStr("copy of " + record.Body().Str())
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := &operators{do: func(logs plog.Logs) (plog.Logs, error) {
					do(logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords())
					return logs, nil
				}}
				arrived := map[string]bool{}
				take := func(logs plog.Logs, but int) {
					for i, record := range logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
						if i != but {
							arrived[record.Body().Str()] = true
						}
					}
				}
				last := 0
				n := &next{answers: []func(context.Context, plog.Logs) error{
					func(_ context.Context, logs plog.Logs) error {
						records := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
						last = records.Len() - 1
						take(logs, last)
						left := plog.NewLogs()
						records.At(last).CopyTo(left.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty())
						return consumererror.NewLogs(errBusy, left)
					},
					func(_ context.Context, logs plog.Logs) error { take(logs, -1); return nil },
				}}
				d, _ := newOperating(n, o)
				require.NoError(t, d.Deliver(t.Context(), entries(3)))
				assert.Len(t, arrived, last+1)
			})
		})
	}
}
