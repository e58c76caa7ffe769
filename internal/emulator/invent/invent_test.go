package invent

import (
	"math/rand/v2"
	"net/netip"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

var midnight = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// thing arrives at a time.
type thing struct {
	name string
	at   time.Time
}

func (t thing) Arrives() time.Time { return t.at }

func TestQueueHoldsEventsUntilTheyArrive(t *testing.T) {
	t.Parallel()
	var q Queue[thing]
	q.Push(thing{"2", midnight.Add(2 * time.Second)}, thing{"1", midnight}, thing{"also 1", midnight})
	q.Push(thing{"3", midnight.Add(3 * time.Second)})
	assert.Empty(t, q.Due(midnight.Add(-time.Second)))
	assert.Equal(t, []thing{{"1", midnight}, {"also 1", midnight}}, q.Due(midnight))
	assert.Len(t, q.Due(midnight.Add(5*time.Second)), 2)
	assert.Empty(t, q.Due(midnight.Add(9*time.Second)))
}

func TestPastIsSortedAndSleepsAtNight(t *testing.T) {
	t.Parallel()
	to := midnight.Add(24 * time.Hour)
	events := Past(rand.New(rand.NewPCG(1, 1)), midnight, to, 2000, func(t time.Time) []thing {
		return []thing{{"late", t.Add(time.Hour)}, {"at once", t}}
	})
	assert.Len(t, events, 4000)
	assert.True(t, slices.IsSortedFunc(events, byArrival))
	night := 0
	for _, e := range events {
		if e.name == "at once" {
			assert.False(t, e.at.Before(midnight) || !e.at.Before(to), e.at)
			if h := e.at.Hour(); h < 6 || h >= 22 {
				night++
			}
		}
	}
	assert.InDelta(t, 2000*2/(16+2), night, 60, "8 hours of a quarter each against 16")
	assert.Nil(t, Past(rand.New(rand.NewPCG(1, 1)), to, midnight, 5, func(time.Time) []thing { panic("no time") }))
}

func TestPeopleDoNotDependOnTheirNumber(t *testing.T) {
	t.Parallel()
	few, many := People(3, 5), People(3, 200)
	assert.Equal(t, few, many[:5])
	assert.NotEqual(t, few, People(4, 5))
	nicknames := map[string]bool{}
	for _, p := range many {
		assert.Regexp(t, `^[a-z]+\.[a-z]+\d+$`, p.Nickname)
		nicknames[p.Nickname] = true
	}
	assert.Len(t, nicknames, 200)
}

func TestAddressesBelongToNobody(t *testing.T) {
	t.Parallel()
	documentation := []netip.Prefix{
		netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.51.100.0/24"),
		netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("2001:db8::/32"),
	}
	r := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		for _, address := range []string{IPv4(r), IPv6(r)} {
			ip := netip.MustParseAddr(address)
			assert.True(t, slices.ContainsFunc(documentation, func(p netip.Prefix) bool { return p.Contains(ip) }), address)
		}
	}
}

func TestUUIDsAreOfTheRandomKind(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	form := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	once, again := UUID(r), UUID(r)
	assert.Regexp(t, form, once)
	assert.NotEqual(t, once, again)
}
