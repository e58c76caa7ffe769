package schedule

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

func TestFirstReadsAreSpreadAndStaySo(t *testing.T) {
	for _, test := range []struct {
		name     string
		logs     int
		interval time.Duration
		apart    time.Duration
	}{
		{"a short list at once", 10, minute, time.Millisecond},
		{"as many as there are milliseconds", 1000, second, time.Millisecond},
		{"a long list over the interval", 4000, second, 250 * time.Microsecond},
	} {
		inBubble(test.name, t, func(t *testing.T) {
			subjects := logs(test.logs)
			w := newWorld(t, subjects...)
			w.run(3*test.interval-1, func(s *Settings) { s.Interval, s.ListInterval = test.interval, time.Hour })
			require.Len(t, w.reads, 3*test.logs)
			for i, r := range w.reads {
				round, place := i/test.logs, i%test.logs
				require.Equal(t, subjects[place], r.subject, "in the order of the list")
				require.Equal(t, time.Duration(round)*test.interval+time.Duration(place)*test.apart, r.began, "read %d", i)
			}
		})
	}
}

func TestLogsThatComeLaterAreSpreadToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		all := logs(100)
		w := newWorld(t)
		w.list = func(context.Context) ([]source.Subject, error) { return all[:50+50*min(len(w.listed)-1, 1)], nil }
		w.run(90 * second)
		for i, s := range all {
			assert.Equal(t, time.Duration(i/50)*minute+time.Duration(i%50)*firstReads, w.times(s)[0])
		}
	})
}

// An API that allows a tenth of the reads that the interval asks for: each log gets its turn, and none twice before
// another that was due earlier.
func TestSlowAPIStarvesNoLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n, pass = 1000, 10 * minute
		const bad source.Subject = "u00007"
		w := newWorld(t, logs(n)...)
		w.poll = func(_ context.Context, s source.Subject) error {
			time.Sleep(4 * pass / n)
			if s == bad {
				return failed(source.Transient) // whose pauses are short
			}
			return nil
		}
		w.run(10 * pass)
		for place, s := range logs(n) {
			times := w.times(s)
			require.GreaterOrEqual(t, len(times), 9, s)
			last := time.Duration(place)*pass/n - pass // where a pass before the first would have met it
			for i, at := range times {
				require.LessOrEqual(t, at-last, pass+5*second, "%s, read %d", s, i)
				if s != bad {
					require.GreaterOrEqual(t, at-last, pass-5*second, "%s, read %d", s, i)
				}
				last = at
			}
		}
	})
}
