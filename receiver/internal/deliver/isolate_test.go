package deliver

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"pgregory.net/rapid"
)

// picky is a backend that takes nothing with certain records in it, now and then refuses for now.
type picky struct {
	bad      map[string]bool
	busy     []bool // by call
	accepted []string
	calls    int
}

func (*picky) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }

func (p *picky) ConsumeLogs(_ context.Context, logs plog.Logs) error {
	p.calls++
	if p.calls <= len(p.busy) && p.busy[p.calls-1] {
		return errBusy
	}
	var uids []string
	for _, record := range logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
		uid, _ := record.Attributes().Get("log.record.uid")
		if p.bad[uid.Str()] {
			return fmt.Errorf("exporter: %w", errNever)
		}
		uids = append(uids, uid.Str())
	}
	p.accepted = append(p.accepted, uids...)
	return nil
}

func TestRecordsThatAreRefusedForGoodCostNoOthers(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(1, 100).Draw(r, "records")
		bad := rapid.SliceOfDistinct(rapid.IntRange(1, n), rapid.ID[int]).Draw(r, "bad")
		busy := rapid.SliceOfN(rapid.Bool(), 1, 20).Draw(r, "busy")
		next := &picky{bad: map[string]bool{}, busy: busy}
		for _, i := range bad {
			next.bad[strconv.Itoa(i)] = true
		}
		var want []string
		for i := n; i >= 1; i-- { // as entries makes them
			if uid := strconv.Itoa(i); !next.bad[uid] {
				want = append(want, uid)
			}
		}
		o := &told{}
		var err error
		synctest.Test(t, func(t *testing.T) {
			err = New(Settings{Next: next, Retry: steady(), Observer: o}).Deliver(t.Context(), entries(n))
		})
		require.NoError(r, err)
		assert.Equal(r, want, next.accepted, "each of the others once, and in order")
		assert.Equal(r, fmt.Sprintf("end %d refused %d failed=%t", n-len(bad), len(bad), len(bad) > 0), o.events[len(o.events)-1])
		assert.Equal(r, len(bad) > 0, slices.ContainsFunc(o.events, func(e string) bool { return strings.HasPrefix(e, "dropped ") }))
	})
}

func TestOneRecordRefusedForGoodIsFoundWithFewAttempts(t *testing.T) {
	next := &picky{bad: map[string]bool{"42": true}}
	d := New(Settings{Next: next, Retry: steady(), Observer: &told{}})
	require.NoError(t, d.Deliver(t.Context(), entries(100)))
	assert.Len(t, next.accepted, 99)
	assert.LessOrEqual(t, next.calls, 1+2*7, "twice the binary logarithm")
}
