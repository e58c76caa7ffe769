package day

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 123456789, time.UTC)

func play(seed uint64, scenes int) []Event {
	d := New(Options{Seed: seed})
	var all []Event
	for i := range scenes {
		all = append(all, d.Next(noon.Add(time.Duration(i)*time.Minute))...)
	}
	return all
}

func TestSameSeedGivesSameDay(t *testing.T) {
	once, again := play(1, 500), play(1, 500)
	assert.Equal(t, once, again)
	assert.NotEqual(t, play(1, 20), play(2, 20))
	once = New(Options{Seed: 7}).Past(noon, noon.Add(24*time.Hour), 100)
	again = New(Options{Seed: 7}).Past(noon, noon.Add(24*time.Hour), 100)
	assert.Equal(t, once, again)
}

func TestUsersDoNotDependOnTheirNumber(t *testing.T) {
	few, many := New(Options{Seed: 3, Users: 5}).Users(), New(Options{Seed: 3, Users: 200}).Users()
	assert.Equal(t, few, many[:5])
	assert.Len(t, slices.Compact(slices.Sorted(slices.Values(many))), 200)
	form := regexp.MustCompile(`^(auth0\|[0-9a-f]{24}|google-oauth2\|\d{21}|waad\|example-staff\|[0-9A-Za-z]{43})$`)
	kinds := map[string]int{}
	for _, id := range many[:20] {
		assert.Regexp(t, form, id)
		kinds[id[:4]]++
	}
	assert.Len(t, kinds, 3, "three kinds of accounts among twenty")
}

func TestArrivalFollowsDateWithinMeasuredDelay(t *testing.T) {
	var delays []time.Duration
	for _, e := range play(1, 2000) {
		delays = append(delays, e.Arrival.Sub(e.Date))
	}
	slices.Sort(delays)
	assert.GreaterOrEqual(t, delays[0], time.Duration(0))
	assert.LessOrEqual(t, delays[len(delays)-1], 5434*time.Millisecond)
	assert.InDelta(t, 1.79, delays[len(delays)/2].Seconds(), 0.15)
}

func TestIDsAreOfFixedWidthAndIncreaseWithArrival(t *testing.T) {
	var q Queue
	q.Push(play(1, 2000)...)
	due := q.Due(noon.Add(100 * 24 * time.Hour))
	last, at := "", time.Time{}
	for _, e := range due {
		id := fields(t, e)["log_id"].(string)
		require.Len(t, id, 56)
		assert.Greater(t, id, last)
		assert.False(t, e.Arrival.Before(at))
		assert.Equal(t, "900"+e.Arrival.Format("20060102150405")+fmt.Sprintf("%03d", e.Arrival.Nanosecond()/1e6), id[:20])
		last, at = id, e.Arrival
	}
}

func fields(t *testing.T, e Event) map[string]any {
	t.Helper()
	var f map[string]any
	require.NoError(t, json.Unmarshal(e.Entry, &f))
	return f
}

func TestEventsAreOfBelievableShape(t *testing.T) {
	documentation := []netip.Prefix{
		netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.51.100.0/24"),
		netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("2001:db8::/32"),
	}
	users := New(Options{Seed: 1}).Users()
	all := play(1, 3000)
	types, size := map[string]int{}, 0
	for _, e := range all {
		f := fields(t, e)
		types[f["type"].(string)]++
		size += len(e.Entry)
		assert.Equal(t, e.Date.Format(timeFormat), f["date"])
		assert.Equal(t, f["_id"], f["log_id"])
		ip := netip.MustParseAddr(f["ip"].(string))
		assert.True(t, slices.ContainsFunc(documentation, func(p netip.Prefix) bool { return p.Contains(ip) }), ip)
		if e.User != "" {
			assert.Equal(t, e.User, f["user_id"])
			assert.Contains(t, users, e.User)
		} else {
			assert.Empty(t, f["user_id"])
		}
	}
	for _, want := range []string{
		"s", "seacft", "ssa", "fp", "fu", "ss", "sv", "scpr", "scp", "gd_start_auth", "gd_auth_succeed", "gd_auth_failed",
		"gd_auth_rejected", "sertft", "seccft", "sapi", "slo", "limit_wc", "limit_mu", "pwd_leak", "f", "fs",
	} {
		assert.Positive(t, types[want], want)
	}
	mean := size / len(all)
	assert.True(t, mean > 900 && mean < 1500, "mean size %d", mean)
}

func TestEveryUnusualShapeIsValidJSON(t *testing.T) {
	d := New(Options{Seed: 1})
	for i, shape := range shapes() {
		s := &scene{day: d, at: noon, who: d.people[0], app: d.apps[0], device: d.people[0].devices[0]}
		e := s.base("s", "")
		shape(s, e)
		s.emit(e)
		assert.True(t, json.Valid(s.events[0].Entry), i)
	}
}

func TestPastLiesInItsSpan(t *testing.T) {
	from := noon.Add(-24 * time.Hour)
	events := New(Options{Seed: 1}).Past(from, noon, 100)
	assert.True(t, len(events) > 100 && len(events) < 300, "%d events", len(events))
	for _, e := range events {
		assert.False(t, e.Date.Before(from.Truncate(time.Millisecond)))
		assert.True(t, e.Date.Before(noon.Add(2*time.Minute)))
	}
	assert.Empty(t, New(Options{}).Past(noon, noon, 5))
}

func TestNobodyIsAttackedOnACalmDay(t *testing.T) {
	for _, e := range New(Options{Seed: 1, Calm: true}).Past(noon.Add(-24*time.Hour), noon, 3000) {
		assert.NotContains(t, []string{"limit_wc", "limit_mu", "pwd_leak", "gd_auth_rejected"}, fields(t, e)["type"])
	}
}

func TestPartsHaveTheSamePeopleAndOtherEvents(t *testing.T) {
	day, part := New(Options{Seed: 1}), New(Options{Seed: 1, Part: 7})
	assert.Equal(t, day.Users(), part.Users())
	for n := range day.Users() {
		assert.Equal(t, day.Person(n), part.Person(n))
	}
	assert.NotEqual(t, day.Next(noon), part.Next(noon))
}

func TestScriptPlaysAsWhomItSaysAndWhere(t *testing.T) {
	d := New(Options{Seed: 1})
	s := d.Script(noon)
	s.As(2)
	s.From("192.0.2.77", "JP")
	s.WrongPassword()
	s.At(noon.Add(-time.Minute))
	s.As(2)
	s.WrongPassword()
	events := s.Events()
	at, abroad := fields(t, events[0]), fields(t, events[1])
	who := d.Person(2)
	for _, f := range []map[string]any{at, abroad} {
		assert.Equal(t, who.ID, f["user_id"])
		assert.Equal(t, who.Name, f["user_name"])
		assert.Equal(t, "fp", f["type"])
	}
	assert.Equal(t, "192.0.2.77", abroad["ip"])
	assert.Equal(t, "JP", abroad["location_info"].(map[string]any)["country_code"])
	assert.Equal(t, who.Address, at["ip"], "a new scene is at home")
	assert.Equal(t, who.Country, at["location_info"].(map[string]any)["country_code"])
}
