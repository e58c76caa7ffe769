package kobil

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// diary is a log that is read as the engine does it, and how often each entry came.
type diary struct {
	*shelf
	cursor  source.Cursor
	look    time.Duration // the lookback
	last    int
	came    map[string]int
	anew    int // how often it was read again from the lookback
	repeats int // in the reads of that kind
	bad     []string
}

const (
	diaryOverlap  = 10 * time.Minute
	diaryLookback = 24 * time.Hour
)

func newDiary(t testing.TB, pageSize int) *diary {
	d := &diary{shelf: newShelf(t, pageSize, diaryOverlap), look: diaryLookback, came: map[string]int{}}
	d.cursor = d.Start(time.Now().Add(-d.look))
	return d
}

// outlier is an entry whose id lies above all others for ever, at a place among others of that kind.
func outlier(place int, id, date string) shelved {
	return shelved{n: math.MaxInt32 + place, text: fmt.Sprintf(`{"id":%s,"logDate":%q}`, id, date)}
}

// adds writes the next entries, one for each minute that passes.
func (d *diary) adds(minutes int) {
	var rows []shelved
	for range minutes {
		d.last++
		rows = append(rows, numberedRow(d.last, time.Now().Add(time.Duration(len(rows))*time.Minute)))
	}
	d.put(rows...)
}

// passes lets minutes pass, and reads the log.
func (d *diary) passes(t testing.TB, minutes int) {
	time.Sleep(time.Duration(minutes) * time.Minute)
	got, err := d.read(t, &d.cursor, 0)
	again := err != nil
	if again {
		var bad *source.Error
		require.ErrorAs(t, err, &bad)
		require.Equal(t, source.BadCursor, bad.Kind, err)
		d.anew++
		from := time.Now().Add(-d.look)
		if !bad.Since.IsZero() && bad.Since.Before(from) {
			from = bad.Since
		}
		d.cursor = d.Start(from)
		more, err := d.read(t, &d.cursor, 0)
		require.NoError(t, err)
		got = append(got, more...)
	}
	for _, uid := range got {
		if d.came[uid]++; d.came[uid] > 1 && again {
			d.repeats++
		} else if d.came[uid] > 1 {
			d.bad = append(d.bad, uid)
		}
	}
}

// complete asserts that all came, and none again but in a read from the lookback.
func (d *diary) complete(t testing.TB, most int) {
	assert.Empty(t, d.bad, "repeats")
	assert.Len(t, d.came, len(d.rows))
	for n := 1; n <= d.last; n++ {
		if d.came[fmt.Sprint(idOf(n))] == 0 {
			assert.Fail(t, "lost", n)
		}
	}
	assert.LessOrEqual(t, d.anew, most)
}

// goesOn lets hours pass, with an entry every minute and a rest now and then, and looks what it costs. It is read every
// few minutes, which divide the time of the rest.
func (d *diary) goesOn(t testing.TB, hours, every int) {
	const period, busy = 240, 200
	for m := 0; m < hours*60; m += every {
		if m%period < busy {
			d.adds(every)
		}
		d.passes(t, every)
		if m%period == period-every {
			d.offsets = nil
			before := d.cursor
			d.passes(t, 1)
			assert.Equal(t, []string{"0"}, d.offsets, "an idle log")
			assert.Equal(t, before, d.cursor)
		}
	}
}
