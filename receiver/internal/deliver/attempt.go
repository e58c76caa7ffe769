package deliver

import (
	"context"
	"fmt"
	"time"

	"github.com/cenkalti/backoff/v7"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/receiver/internal/source"
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

// hand hands entries on until all of them were accepted, or refused for good.
func (a *attempt) hand(ctx context.Context, entries []source.Entry) error {
	if len(entries) == 0 { // operators left none
		return nil
	}
	pauses := a.pauses()
	for ctx.Err() == nil {
		err := a.consume(ctx, a.build(entries))
		if err == nil {
			a.accept(ctx, entries)
			return nil
		}
		if ctx.Err() != nil {
			break // whatever the consumer says, it may say so because it was interrupted
		}
		if taken, left := a.divide(entries, err); len(taken) > 0 {
			a.accept(ctx, taken)
			entries = left
		}
		if permanent(err) {
			return a.isolate(ctx, entries, err)
		}
		a.s.Observer.Refused(ctx, err)
		if pauses == nil || a.s.Retry.MaxElapsedTime > 0 && time.Since(a.began) >= a.s.Retry.MaxElapsedTime {
			return fmt.Errorf("the next consumer refused the records: %w", err)
		}
		sleep(ctx, max(minPause, pauses.NextBackOff()))
	}
	return fmt.Errorf("the delivery was stopped: %w", ctx.Err())
}

func (a *attempt) accept(ctx context.Context, entries []source.Entry) {
	a.accepted += len(entries)
	a.s.Observer.Accepted(ctx, len(entries), newestOf(entries, time.Now()))
}

// isolate looks among entries that were refused for good for those that were meant.
func (a *attempt) isolate(ctx context.Context, entries []source.Entry, err error) error {
	if n := len(entries); n > 1 {
		if err := a.hand(ctx, entries[:n/2]); err != nil {
			return err
		}
		return a.hand(ctx, entries[n/2:])
	}
	a.dropped++
	if a.refusal == nil {
		a.refusal = err
	}
	if len(a.uids) < maxUIDs {
		a.uids = append(a.uids, uidsOf(a.build(entries))...)
	}
	return nil
}

// divide tells which entries a consumer accepted and which are left, all unless it says so. The records of those are made
// anew, and not taken from its answer, because processors have worked on them already.
func (a *attempt) divide(entries []source.Entry, err error) (taken, left []source.Entry) {
	part, ok := rest(err)
	if !ok {
		return nil, entries
	}
	uids := uidsOf(a.build(entries))
	if !distinct(uids) { // operators took them away, or made several records of one entry
		return nil, entries
	}
	wanted := map[string]int{}
	for _, uid := range uidsOf(part) {
		wanted[uid]++
	}
	for i, uid := range uids {
		if wanted[uid] > 0 {
			wanted[uid]--
			left = append(left, entries[i])
		} else {
			taken = append(taken, entries[i])
		}
	}
	if len(left) != part.LogRecordCount() {
		return nil, entries // something on the way made other records of them
	}
	return taken, left
}

// uidsOf are the log.record.uid of records, in order; "" for one without.
func uidsOf(logs plog.Logs) []string {
	uids := make([]string, 0, logs.LogRecordCount())
	for _, resource := range logs.ResourceLogs().All() {
		for _, scope := range resource.ScopeLogs().All() {
			for _, record := range scope.LogRecords().All() {
				uid := ""
				if value, ok := record.Attributes().Get("log.record.uid"); ok {
					uid = value.AsString()
				}
				uids = append(uids, uid)
			}
		}
	}
	return uids
}

// distinct tells whether each record has an id, and one of its own.
func distinct(uids []string) bool {
	seen := make(map[string]struct{}, len(uids))
	for _, uid := range uids {
		if _, twice := seen[uid]; twice || uid == "" {
			return false
		}
		seen[uid] = struct{}{}
	}
	return true
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
