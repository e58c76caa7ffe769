//go:build e2e

package e2e

import (
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
	"github.com/userlog/userlog-otel/internal/emulator/cloud"
)

// TestATenantCostsOneRequestAnIntervalAndOneForAHundredEntries counts the requests of a read of the whole tenant.
func TestATenantCostsOneRequestAnIntervalAndOneForAHundredEntries(t *testing.T) {
	t.Parallel()
	const users, entries = 2000, 2500
	s := newTenant()
	delete(s.block, "page_size")
	s.keys["collection_interval"], s.keys["overlap"] = "300ms", "0s"
	w := newWorld(t, s)
	tenant := s.api.(*auth0.Tenant)
	for n := range users {
		tenant.AddUsers("auth0|" + strconv.Itoa(n))
	}
	w.crowd(s, "", entries)
	c := w.start()
	c.until("the backlog arrives", settleLimit, w.complete)
	backlog := len(s.logRequests())
	assert.InDelta(t, 1+entries/100+1, backlog, 2, "requests for the backlog; one or two reads more may have begun")
	idle := time.Now()
	s.cycles(c, 8)
	reads := len(s.logRequests()) - backlog
	assert.LessOrEqual(t, reads, 2+int(time.Since(idle)/(300*time.Millisecond)), "one request for each interval")
	assert.Equal(t, 0, len(s.cloud.Requests())-len(s.logRequests())-s.cloud.TokenRequests(), "nothing else is asked")
	w.settle(c, 0)
}

// logRequests are the requests for the log of the tenant.
func (s *system) logRequests() (all []cloud.Request) {
	for _, r := range s.cloud.Requests() {
		if r.Path == "/api/v2/logs" {
			all = append(all, r)
		}
	}
	return all
}

// TestWhatATenantDeletedUnreadIsToldEverywhere stops a collector for longer than the tenant keeps its log.
func TestWhatATenantDeletedUnreadIsToldEverywhere(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]int{"accepted in silence": 0, "refused with 400": 400, "refused with 404": 404} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var later atomic.Int64
			now := func() time.Time { return time.Now().Add(time.Duration(later.Load())) }
			s := newTenantAt(now)
			s.keys["overlap"], s.keys["collection_interval"] = "0s", "1s" // see TestMisbehaviourOfTheWindowIsToldEverywhere
			w := newWorld(t, s)
			w.gaps, w.metrics, w.status = true, true, true
			tenant, r := s.api.(*auth0.Tenant), w.random("entries")
			tenant.SetExpiredFrom(status)
			add := func(ago time.Duration) *fact {
				f := s.invent(r, "", now().Add(-ago))
				w.publish(s, "", f)
				return f
			}
			add(time.Minute)
			last := add(time.Second)
			c := w.start()
			c.until("the first entries arrive", waitLimit, w.complete)
			s.cycles(c, 2)
			c.stopWell()

			later.Store(int64(50 * time.Hour))
			for _, ago := range []time.Duration{30 * time.Hour, 25 * time.Hour} {
				w.book.spare(add(ago))
			}
			oldest := add(23 * time.Hour)
			add(time.Hour)
			require.Equal(t, 4, tenant.RemoveBefore(now().Add(-24*time.Hour)))
			c = w.start()
			problem := ""
			c.until("the status tells of the gap", waitLimit, func() bool { _, problem = w.statusOf(s); return problem != "" })
			assert.Contains(t, problem, "gap in the log of the tenant")
			c.until("what is left arrives", waitLimit, w.complete)
			warnings := c.stderr.warnings("gap in the log of the tenant")
			require.Len(t, warnings, 1)
			assertBetween(t, last.at, last.at.Add(time.Minute), warnings[0].From, "from: when the log was left")
			assertBetween(t, oldest.at, oldest.at, warnings[0].To, "to: the oldest entry that is left")
			assert.InDelta(t, 1, c.metric("gaps"), 0)
			assertGapRecord(t, w.sink, map[string]string{"user.id": "", "user_log.gap.from": warnings[0].From, "user_log.gap.to": warnings[0].To})
			s.cycles(c, 2)
			c.stopWell()
			assert.Zero(t, w.sink.repeats())
		})
	}
}
