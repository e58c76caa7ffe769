package rest

import (
	"math"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A dear request is remembered for a while, but not for ever.
func TestDearRequestIsCountedOn(t *testing.T) {
	b := newLeakyBucket()
	now := noon
	ask := func(cost, left float64) {
		p := place{tick: b.learned + 1, charge: b.take(now)}
		b.giveBack(p, draught{known: true, left: left, priced: true, cost: cost}, now, p.tick+1)
	}
	ask(1, 600)
	assert.InDelta(t, 0.2*600+50, b.floor(0.2, 1), 1e-9)
	ask(300, 300)
	assert.InDelta(t, 0.2*600+300, b.floor(0.2, 1), 1e-9)
	ask(1, 299)
	assert.InDelta(t, 0.2*600+270, b.floor(0.2, 1), 1e-9)
	for range 17 {
		ask(1, 299)
	}
	assert.InDelta(t, 0.2*600+50, b.floor(0.2, 1), 1e-9)
	ask(5000, -100)
	assert.InDelta(t, 600, b.floor(0.2, 1), 1e-9, "a full bucket lets every request go")
}

// Answers come in any order, and know nothing of requests that are still on their way.
func TestBucketLearnsFromAnswersThatOvertakeEachOther(t *testing.T) {
	said := func(left float64) draught { return draught{known: true, left: left, priced: true, cost: 10} }
	for name, c := range map[string]struct {
		asked int // requests that went before the first of these answers came
		heard []draught
		want  float64
	}{
		"one":                             {1, []draught{said(500)}, 500},
		"it knew nothing of the other":    {2, []draught{said(590)}, 540},
		"it knew of the other":            {2, []draught{said(540)}, 540},
		"others took their share":         {2, []draught{said(300)}, 300},
		"more was left than reckoned":     {1, []draught{said(700)}, 700},
		"the second is older":             {2, []draught{said(540), said(590)}, 580},
		"the second is newer":             {2, []draught{said(540), said(570)}, 570},
		"the second is older, and higher": {2, []draught{said(300), said(590)}, 340},
		"one without a word":              {2, []draught{said(540), {}}, 540},
		"one that was refused":            {2, []draught{said(540), {known: true, left: 20}}, 20},
	} {
		t.Run(name, func(t *testing.T) {
			b := newLeakyBucket()
			b.giveBack(place{tick: 1, charge: b.take(noon)}, draught{known: true, left: 600, priced: true}, noon, 2)
			var asked []place
			for i := range c.asked {
				asked = append(asked, place{tick: 3 + i, charge: b.take(noon)})
			}
			for i, d := range c.heard {
				b.giveBack(asked[i], d, noon, 10+i)
			}
			assert.InDelta(t, c.want, b.left, 1e-9)
		})
	}
}

func TestReadDraught(t *testing.T) {
	for name, c := range map[string]struct {
		left, cost string
		want       draught
	}{
		"as Canvas sends it":    {"598.7243423", "1.2756577", draught{true, 598.7243423, true, 1.2756577}},
		"a refused request":     {"0.0", "", draught{known: true}},
		"more than full":        {"-200", "3", draught{true, -200, true, 3}},
		"free of charge":        {"600.0", "0.0", draught{known: true, left: 600, priced: true}},
		"neither":               {"", "", draught{}},
		"a cost alone":          {"", "3", draught{cost: 3}},
		"negative cost":         {"600", "-3", draught{known: true, left: 600, cost: -3}},
		"cost that is text":     {"600", "much", draught{known: true, left: 600}},
		"cost that is NaN":      {"600", "NaN", draught{known: true, left: 600, cost: math.NaN()}},
		"cost beyond reason":    {"600", "1e308", draught{known: true, left: 600, cost: 1e308}},
		"left that is text":     {"plenty", "3", draught{cost: 3}},
		"left that is NaN":      {"NaN", "3", draught{left: math.NaN(), cost: 3}},
		"left beyond reason":    {"1e308", "3", draught{left: 1e308, cost: 3}},
		"left far below reason": {"-1e308", "3", draught{left: -1e308, cost: 3}},
		"left beyond numbers":   {"1e999", "3", draught{left: math.Inf(1), cost: 3}},
	} {
		t.Run(name, func(t *testing.T) {
			got := readDraught(bucketHeader(c.left, c.cost))
			assert.Equal(t, c.want.known, got.known)
			assert.Equal(t, c.want.priced, got.priced)
			if got.known {
				assert.InDelta(t, c.want.left, got.left, 0)
			}
			if got.priced {
				assert.InDelta(t, c.want.cost, got.cost, 0)
			}
		})
	}
}

func bucketHeader(left, cost string) http.Header {
	return http.Header{"X-Rate-Limit-Remaining": {left}, "X-Request-Cost": {cost}}
}

// Whatever a server says, in whatever order: once nothing is under way, the next request goes within MaxPause.
func FuzzBucketHeaders(f *testing.F) {
	for _, s := range []string{"", "600.0", "598.2", "0.0", "-200", "50", "NaN", "-Inf", "1e308", "-1e308", "9000", "-9000", "0x1p-2", "3,5", "much"} {
		f.Add(s, "1.5", "600", s, 0.2, uint16(3))
		f.Add("600", s, s, "0.1", 0.999999, uint16(0))
	}
	f.Fuzz(func(t *testing.T, left1, cost1, left2, cost2 string, reserve float64, passed uint16) {
		if !(reserve >= 0 && reserve < 1) {
			return
		}
		b := newLeakyBucket()
		now, tick := noon, 0
		next := func() int { tick++; return tick }
		take := func() place { return place{tick: next(), charge: b.take(now)} }
		said := []draught{readDraught(bucketHeader(left1, cost1)), readDraught(bucketHeader(left2, cost2)), {}}
		for i := range 6 {
			first, second, third := take(), take(), take()
			for j, p := range []place{second, first, third} { // the answers overtake each other
				b.giveBack(p, said[(i+j)%3], now, next())
				now = now.Add(time.Duration(passed) * time.Millisecond)
			}
			require.InDelta(t, 0, b.charged, 1e-6)
			wait, api := b.wait(now, reserve, 1)
			require.GreaterOrEqual(t, wait, time.Duration(0))
			require.LessOrEqual(t, wait, MaxPause)
			require.InDelta(t, wait, api, 1e4)
			now = now.Add(wait)
			wait, _ = b.wait(now, reserve, 1)
			require.LessOrEqual(t, wait, time.Microsecond, "it goes when the wait is over")
		}
	})
}
