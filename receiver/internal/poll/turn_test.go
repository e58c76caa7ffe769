package poll

import (
	"context"
	"iter"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// backlog is a log of 1,000 batches, each of which takes a while.
type backlog struct {
	trace
	takes time.Duration
	size  int // of a batch
	still int // batches with the same cursor
}

func (b *backlog) Start(time.Time) source.Cursor { return "" }

func (b *backlog) Read(_ context.Context, _ source.Subject, after source.Cursor) iter.Seq2[source.Batch, error] {
	return func(yield func(source.Batch, error) bool) {
		first, _ := strconv.Atoi(string(after)) // the cursor it begins with is empty
		for n := first; n < 1000; n++ {
			time.Sleep(b.takes)
			cursor := source.Cursor(strconv.Itoa((n/b.still + 1) * b.still))
			if !yield(batch(cursor, make([]int, b.size)...), nil) {
				return
			}
		}
	}
}

func TestReadMakesRoomOnceItHadItsShare(t *testing.T) {
	const ms = time.Millisecond
	for _, test := range []struct {
		name   string
		log    backlog
		window int
		wanted time.Duration // since then another log waits
		want   int           // batches until the read ends
	}{
		{"after 50 batches that take long", backlog{takes: time.Second, size: 100, still: 1}, 0, 0, 50},
		{"after 30 seconds of short ones", backlog{takes: 100 * ms, size: 100, still: 1}, 0, 0, 300},
		{"as soon as another log waits", backlog{takes: time.Second, size: 100, still: 1}, 0, 70 * time.Second, 70},
		{"not while no other log waits", backlog{takes: time.Second, size: 100, still: 1}, 0, time.Hour, 1000},
		{"where a cursor was stored", backlog{takes: time.Second, size: 100, still: 3}, 0, 0, 49*3 + 1},
		{"what can go out of reach is handed on first", backlog{takes: time.Second, size: 10, still: 1}, 1000, 0, 100},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &test.log
				p := Poller{Reader: b, Checkpoints: &b.trace, Deliverer: &b.trace, Observer: quiet{}, Window: test.window}
				began, asked := time.Now(), 0
				fresh, more, err := p.Poll(t.Context(), "u", func() bool { asked++; return time.Since(began) >= test.wanted })
				require.NoError(t, err)
				assert.Equal(t, test.want, b.delivered)
				assert.Equal(t, test.want*b.size, fresh)
				assert.Equal(t, test.want < 1000, more)
				if test.wanted == 0 {
					assert.Equal(t, 1, asked, "only a read that would end asks")
				}
				assert.Equal(t, source.Cursor(strconv.Itoa((test.want-1)/b.still*b.still+b.still)), b.stored, "the next turn goes on from here")
			})
		})
	}
}
