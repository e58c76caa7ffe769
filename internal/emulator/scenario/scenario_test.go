package scenario_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	auth0day "github.com/userlog/userlog-otel/internal/emulator/auth0/day"
	"github.com/userlog/userlog-otel/internal/emulator/scenario"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func play(s scenario.Scenario, seed uint64, end time.Time) scenario.Play {
	return s.Play(scenario.Options{Seed: seed, Users: 40, End: end})
}

func TestSameOptionsGiveSamePlay(t *testing.T) {
	t.Parallel()
	for _, s := range scenario.All() {
		once := play(s, 1, noon)
		assert.Equal(t, once, play(s, 1, noon), s.Name)
		if len(once.Auth0) > 0 {
			assert.NotEqual(t, once.Auth0, play(s, 2, noon).Auth0, s.Name)
			later := play(s, 1, noon.Add(time.Minute))
			assert.NotEqual(t, once.Auth0, later.Auth0, s.Name)
			assert.Equal(t, once.Actors, later.Actors, s.Name)
		}
	}
}

func TestScenariosAreFoundByTheirNames(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, s := range scenario.All() {
		assert.Regexp(t, `^[a-z]+(-[a-z]+)*$`, s.Name)
		assert.NotEmpty(t, s.Title, s.Name)
		assert.False(t, names[s.Name], "%s is there twice", s.Name)
		names[s.Name] = true
		found, ok := scenario.Find(s.Name)
		assert.True(t, ok, s.Name)
		assert.Equal(t, s.Title, found.Title)
	}
	_, ok := scenario.Find("peace")
	assert.False(t, ok)
}

func TestEverythingHappensInTheMinutesBeforeTheEnd(t *testing.T) {
	t.Parallel()
	for _, s := range scenario.All() {
		p, begin := play(s, 1, noon), noon.Add(-scenario.Length)
		if s.Name == scenario.Ordinary {
			begin = noon.Add(-24 * time.Hour)
		}
		assert.True(t, s.Name == scenario.Silence || len(p.Auth0) > 0, s.Name)
		for _, e := range p.Auth0 {
			assert.False(t, e.Date.Before(begin) || e.Arrival.After(noon), "%s: %v, read from %v", s.Name, e.Date, e.Arrival)
		}
		for _, e := range p.KOBIL {
			assert.False(t, e.Date.Before(begin) || e.Date.After(noon), "%s: %v", s.Name, e.Date)
		}
		assert.True(t, slices.IsSortedFunc(p.Auth0, func(a, b auth0day.Event) int { return a.Arrival.Compare(b.Arrival) }), s.Name)
	}
}

// Every value by which an alert may name an actor stands in the entries of the attack.
func TestActorsStandInTheEntries(t *testing.T) {
	t.Parallel()
	for _, s := range scenario.All() {
		p := play(s, 1, noon)
		assert.Equal(t, s.Name == scenario.Ordinary, len(p.Actors) == 0, s.Name)
		var text strings.Builder
		for _, e := range p.Auth0 {
			text.Write(e.Entry)
		}
		for _, actor := range p.Actors {
			require.Contains(t, []string{"auth0", "kobil", "canvas"}, actor["service.name"], s.Name)
			for name, value := range actor {
				assert.NotEmpty(t, value, "%s: %s", s.Name, name)
				if name != "service.name" && actor["service.name"] == "auth0" {
					assert.Contains(t, text.String(), `"`+value+`"`, "%s: %s", s.Name, name)
				}
			}
			if actor["service.name"] == "kobil" {
				assert.Equal(t, s.Name != scenario.Silence, len(p.KOBIL) > 0, s.Name)
			}
		}
	}
}

func TestEventsBelongToTheTenantOfTheDay(t *testing.T) {
	t.Parallel()
	day := auth0day.New(auth0day.Options{Seed: 1, Users: 40, Calm: true})
	users, ids := day.Users(), map[string]string{}
	see := func(whose string, events []auth0day.Event) {
		for _, e := range events {
			var f struct {
				ID string `json:"log_id"`
			}
			require.NoError(t, json.Unmarshal(e.Entry, &f))
			assert.Empty(t, ids[f.ID], "%s has a log_id of %[1]s", whose)
			ids[f.ID] = whose
			if e.User != "" {
				assert.Contains(t, users, e.User, whose)
			}
		}
	}
	see("day", day.Past(noon.Add(-24*time.Hour), noon, 200))
	for _, s := range scenario.All() {
		see(s.Name, play(s, 1, noon).Auth0)
		see(s.Name+" again", play(s, 1, noon.Add(scenario.Length)).Auth0)
	}
}

func TestFewUsersAreEnough(t *testing.T) {
	t.Parallel()
	for _, s := range scenario.All() {
		p := s.Play(scenario.Options{Seed: 1, Users: 1, End: noon})
		assert.True(t, s.Name == scenario.Silence || len(p.Auth0) > 0, s.Name)
	}
}
