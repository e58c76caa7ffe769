package rig

import (
	"context"
	"time"
)

// roundTrip is a usual time between here and an API.
const roundTrip = 50 * time.Millisecond

// distance tells how fast a log is caught up with that is far away. Its pages can only be read one after the other.
func (r *Rig) distance(ctx context.Context, s scale) error {
	r.out.section("Catching up with a log that is far away", "Every answer takes "+roundTrip.String()+" longer. From the first request to "+
		"the last record, over the number of pages times that.")
	r.out.head("receiver", "entries", "pages", "seconds", "over pages × round trip")
	for _, reader := range []reader{tenant, floor} {
		l := logOf(s.distant, 0, backlogUsers)
		l.Latency = roundTrip
		one, err := r.backlog(ctx, setup{reader: reader, queue: memory}, l)
		if err != nil {
			return err
		}
		pages := one.pages.Requests - one.pages.Empty
		r.out.row("`"+reader.String()+"`", count(one.entries), count(pages), decimals(one.wall().Seconds(), 2),
			decimals(one.wall().Seconds()/(float64(pages)*roundTrip.Seconds()), 3))
	}
	return nil
}
