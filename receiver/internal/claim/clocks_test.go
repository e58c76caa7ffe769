package claim

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestADateIsBelievedUnlessTheEntriesSpeakAgainstIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		server, newest time.Duration // from the local clock
		want           time.Duration
	}{
		"clocks agree":                             {0, -time.Minute, 0},
		"the date is cut to seconds":               {-time.Second, -time.Minute, 0},
		"the server is an hour behind":             {-time.Hour, -61 * time.Minute, -time.Hour},
		"behind, and no entry to show it":          {-time.Hour, -1000 * time.Hour, -time.Hour},
		"the date is ten years behind, alone":      {-87600 * time.Hour, -time.Minute, 0},
		"the server is an hour ahead":              {time.Hour, 59 * time.Minute, time.Hour},
		"ahead, and no entry to show it":           {time.Hour, -time.Minute, 0},
		"the date is ten years ahead, alone":       {87600 * time.Hour, -time.Minute, 0},
		"the server is ten years ahead":            {87600 * time.Hour, 87599 * time.Hour, 87600 * time.Hour},
		"an entry of the far future is no witness": {-time.Hour, 70000 * time.Hour, -time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dates := []time.Time{{}, noon.Add(c.newest)}
			assert.Equal(t, c.want, ClocksOf(noon.Add(c.server), noon, slices.Values(dates)).Skew())
		})
	}
}

func TestWithoutADateTheLocalClockStandsIn(t *testing.T) {
	t.Parallel()
	c := ClocksOf(time.Time{}, noon, slices.Values([]time.Time(nil)))
	assert.Equal(t, Clocks{Server: noon, Local: noon}, c)
	assert.Zero(t, c.Skew())
}
