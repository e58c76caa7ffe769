package deliver

import (
	"context"
	"fmt"
	"time"

	"github.com/cenkalti/backoff/v7"
)

// maxUIDs is how many records that were refused for good are named.
const maxUIDs = 10

// attempt is one delivery: all that is done for one call of Deliver.
type attempt struct {
	*Deliverer
	began time.Time

	accepted, dropped int
	uids              []string // of the first that were dropped
	refusal           error    // the first one for good
}

// hand hands a load on until all of it was accepted, or refused for good.
func (a *attempt) hand(ctx context.Context, l load) error {
	pauses := a.pauses()
	for ctx.Err() == nil {
		err := a.consume(ctx, l.logs())
		if err == nil {
			a.accept(ctx, l.size(), newestOf(l.entries, time.Now()))
			return nil
		}
		if ctx.Err() != nil {
			break // whatever the consumer says, it may say so because it was interrupted
		}
		if part, ok := rest(err); ok { // the others were accepted
			if n := part.LogRecordCount(); n < l.size() {
				a.accept(ctx, l.size()-n, time.Time{})
			}
			l = l.left(part)
		}
		if permanent(err) {
			return a.isolate(ctx, l, err)
		}
		a.s.Observer.Refused(ctx, err)
		if pauses == nil || a.s.Retry.MaxElapsedTime > 0 && time.Since(a.began) >= a.s.Retry.MaxElapsedTime {
			return fmt.Errorf("the next consumer refused the records: %w", err)
		}
		sleep(ctx, max(minPause, pauses.NextBackOff()))
	}
	return fmt.Errorf("the delivery was stopped: %w", ctx.Err())
}

func (a *attempt) accept(ctx context.Context, records int, newest time.Time) {
	a.accepted += records
	a.s.Observer.Accepted(ctx, records, newest)
}

// isolate looks in a load that was refused for good for what it was refused for.
func (a *attempt) isolate(ctx context.Context, l load, err error) error {
	if l.size() > 1 {
		first, second := l.halves()
		if err := a.hand(ctx, first); err != nil {
			return err
		}
		return a.hand(ctx, second)
	}
	a.dropped++
	if a.refusal == nil {
		a.refusal = err
	}
	if len(a.uids) < maxUIDs {
		a.uids = append(a.uids, l.uid())
	}
	return nil
}

// pauses returns the pauses between attempts, nil if there is to be one attempt only.
func (a *attempt) pauses() *backoff.ExponentialBackOff {
	retry := a.s.Retry
	if !retry.Enabled {
		return nil
	}
	b := backoff.NewExponentialBackOff()
	b.InitialInterval = retry.InitialInterval
	b.RandomizationFactor = retry.RandomizationFactor
	b.Multiplier = retry.Multiplier
	b.MaxInterval = retry.MaxInterval
	b.Reset()
	return b
}
