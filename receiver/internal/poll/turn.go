package poll

import "time"

// A read that is asked to make room goes on until it had its share, so that logs with long backlogs move on as well:
const (
	// shareTime is long enough for several requests to an API that answers slowly, and short enough that ten logs with
	// backlogs keep another one waiting for five minutes, not for hours.
	shareTime = 30 * time.Second
	// shareBatches is 5,000 entries in pages of 100. What a provider holds back to put it in order is about as much; if
	// it were given up half-way, it would have to be read again in every turn.
	shareBatches = 50
)

// turn is what one read has had of a worker's time.
type turn struct {
	began   time.Time
	window  int
	wanted  func() bool
	fresh   int // entries accepted
	batches int // whose cursors were stored
}

// lasts tells, once in a while, that the read stores one cursor after another.
func (t *turn) lasts() bool { return t.batches%shareBatches == 0 }

// over tells whether the read makes room now. What the API gives only the newest entries of is handed on first as far as
// it reaches: what the read holds of it could be out of reach at the next turn.
func (t *turn) over() bool {
	return t.batches >= shareBatches && t.fresh >= t.window && time.Since(t.began) >= shareTime && t.wanted()
}
