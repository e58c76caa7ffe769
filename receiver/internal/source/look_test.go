package source

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestGlimpseCountsWhatIsWanted(t *testing.T) {
	t.Parallel()
	at := func(minute int) time.Time { return time.Date(2026, 11, 24, 10, minute, 0, 0, time.UTC) }
	none := time.Time{}
	for name, test := range map[string]struct {
		dates []time.Time
		full  bool
		want  Glimpse
	}{
		"nothing":                   {nil, false, Glimpse{}},
		"all of it":                 {[]time.Time{at(9), at(7), at(5)}, false, Glimpse{Newest: at(9), Wanted: 3, Oldest: at(5)}},
		"a full page":               {[]time.Time{at(9), at(7)}, true, Glimpse{Newest: at(9), Wanted: 2, Oldest: at(7), More: true}},
		"a full page with an older": {[]time.Time{at(9), at(4), at(3)}, true, Glimpse{Newest: at(9), Wanted: 1, Oldest: at(9)}},
		"older ones only":           {[]time.Time{at(4)}, false, Glimpse{Newest: at(4)}},
		"one without a date":        {[]time.Time{none, at(6)}, true, Glimpse{Newest: at(6), Wanted: 2, Oldest: at(6), More: true}},
	} {
		assert.Equal(t, test.want, GlimpseOf(slices.Values(test.dates), at(5), test.full), name)
	}
}
