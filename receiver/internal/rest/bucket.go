package rest

import (
	"math"
	"net/http"
	"time"
)

// Canvas counts what requests cost, not how many they are: the cost fills a bucket that leaks, and who finds it full is
// refused. The numbers are its defaults (instructure/canvas-lms, app/middleware/request_throttle.rb: outflow and
// up_front_cost; its hwm, the size, is 600). An installation may have others, so the answers have the last word.
const (
	// leak is what a second brings back.
	leak = 10
	// upFront is what a request is charged while it is under way. It is given back when its real cost is known.
	upFront = 50
	// mostLeft bounds what makes sense: what does not come back within MaxPause is no bucket to wait for.
	mostLeft = leak * float64(MaxPause/time.Second)
	// fade is what an answer leaves of the dearest cost of late: one dear request is remembered for some ten others.
	fade = 0.9
)

// draught is what one answer says of the bucket.
type draught struct {
	known  bool    // left makes sense
	left   float64 // below zero: the bucket is more than full
	priced bool    // cost makes sense
	cost   float64
}

// readDraught reads X-Rate-Limit-Remaining and X-Request-Cost, as Canvas sends them (doc/api/throttling.md). A refused
// request is told no cost.
func readDraught(h http.Header) draught {
	var d draught
	d.left, d.known = number(h.Get("X-Rate-Limit-Remaining"))
	d.known = d.known && math.Abs(d.left) <= mostLeft
	d.cost, d.priced = number(h.Get("X-Request-Cost"))
	d.priced = d.priced && d.known && d.cost >= 0 && d.cost <= mostLeft
	return d
}

// leakyBucket is what we know of the API's bucket. Between two answers it is reckoned as the API does it: a request is
// charged up front, and time brings back what leaks.
type leakyBucket struct {
	known   bool
	size    float64   // the most that was ever left: no answer tells the size
	left    float64   // less what the requests without an answer are charged
	at      time.Time // when so much was left
	charged float64   // what they are charged
	dearest float64   // the highest cost of late
	learned int       // the limiter's clock when an answer was heard last
}

func newLeakyBucket() leakyBucket { return leakyBucket{left: math.Inf(-1)} }

// wait is how long to wait until one more request leaves a reserve alone, which is a share of the bucket's size, also if
// each of so many shards sends one at the same time, and how much of that would remain if all requests under way were
// answered now. It is at most MaxPause, if none is under way.
func (b *leakyBucket) wait(now time.Time, reserve, shards float64) (wait, api time.Duration) {
	if !b.known {
		return 0, 0
	}
	b.flow(now)
	missing := b.floor(reserve, shards) - b.left
	return seconds(missing / leak), seconds((missing - b.charged) / leak)
}

// take charges a request, and returns what.
func (b *leakyBucket) take(now time.Time) float64 {
	b.flow(now)
	charge := b.charge()
	b.charged += charge
	b.left -= charge
	return charge
}

// giveBack takes up what the answer to a request says. A request that ended without a word on its cost may have cost
// what it was charged.
func (b *leakyBucket) giveBack(p place, said draught, now time.Time, tick int) {
	b.flow(now)
	b.charged -= p.charge
	if said.priced {
		b.known = true // the two headers are Canvas's; what others call remaining, without a cost, are requests
		b.dearest = max(said.cost, b.dearest*fade)
		b.left += p.charge - said.cost
	}
	if !b.known {
		return
	}
	if said.known {
		b.learn(p, said.left)
		b.learned = tick
	}
	b.left = max(b.left, b.capacity()-mostLeft) // so that nobody waits longer than MaxPause, whatever the reserve
}

// learn corrects our reckoning by what an answer says. The API may not have seen yet all requests that we have charged,
// so the truth lies between what it says and that less their charges. If another answer was heard since this one was
// asked for, it may be the older of the two, which can tell of others that took their share but not that there is more.
func (b *leakyBucket) learn(p place, left float64) {
	b.size = max(b.size, left)
	if p.tick > b.learned {
		b.left = max(b.left, left-b.charged)
	}
	b.left = min(b.left, left)
}

// flow lets the time pass until now.
func (b *leakyBucket) flow(now time.Time) {
	if passed := now.Sub(b.at).Seconds(); passed > 0 {
		b.left = min(b.left+passed*leak, b.capacity())
		b.at = now
	}
}

// floor is what must be left for one more request: its charge, that of one of each other shard, and a reserve, or all that
// there can be. So a full bucket always lets one request go, however small it is. The least reserve is what leaks in a
// second: the API charges a request when it arrives, refuses it if that leaves nothing, and what we count on to leak may do
// so while it is on its way.
func (b *leakyBucket) floor(reserve, shards float64) float64 {
	return min(max(reserve*b.capacity(), leak)+shards*b.charge(), b.capacity())
}

// charge is what a request is counted as while it is under way: no less than the API does, nor than it may cost.
func (b *leakyBucket) charge() float64 { return max(upFront, b.dearest) }

// capacity is the most that can be left. An API that lets requests go has room for one.
func (b *leakyBucket) capacity() float64 { return max(b.size, upFront) }
