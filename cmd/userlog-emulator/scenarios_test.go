//go:build unix

package main

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/scenario"
)

// types counts the entries of the tenant by type.
func (e *emulation) types(t *testing.T) map[string]int {
	t.Helper()
	types := map[string]int{}
	for _, raw := range e.tenant().Entries("") {
		var f struct{ Type string }
		require.NoError(t, json.Unmarshal(raw, &f))
		types[f.Type]++
	}
	return types
}

func TestScenariosHaveHappenedAtStart(t *testing.T) {
	s := defaults("--rate=0", "--history=0", "--scenario=enumeration", "--scenario=token-reuse")
	e, err := begin(s)
	require.NoError(t, err)
	defer func() { require.NoError(t, e.end()) }()
	types := e.types(t)
	assert.GreaterOrEqual(t, types["fu"], 40)
	assert.GreaterOrEqual(t, types["ferrt"], 6)

	var said strings.Builder
	greet(&said, e)
	assert.Contains(t, said.String(), "scenario token-reuse: ")
	assert.Contains(t, said.String(), "  auth0 user.id=auth0|")
}

func TestScenariosAreInEveryCloudThatTheyHaveAPartIn(t *testing.T) {
	e, err := begin(defaults("--rate=0", "--history=0", "--scenario=brute-force"))
	require.NoError(t, err)
	require.NoError(t, e.end())
	assert.Positive(t, e.clouds[0].entries)
	assert.Positive(t, e.clouds[1].entries)
	assert.Zero(t, e.clouds[2].entries)
}

func TestTheDayAroundAScenarioIsCalm(t *testing.T) {
	const hostile = "limit_wc"
	calm, err := begin(defaults("--rate=0", "--history=2400h", "--scenario=ordinary"))
	require.NoError(t, err)
	require.NoError(t, calm.end())
	other, err := begin(defaults("--rate=0", "--history=2400h"))
	require.NoError(t, err)
	require.NoError(t, other.end())
	assert.Zero(t, calm.types(t)[hostile])
	assert.Positive(t, other.types(t)[hostile])
}

func TestScenariosAreRepeatedAndNothingArrivesLate(t *testing.T) {
	s := defaults("--scenario=signup-fraud", "--scenario=ordinary")
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var arrivals []time.Time
	f, err := newFeed(stillness{}, func(e arrival) error {
		arrivals = append(arrivals, e.at)
		return nil
	}, &s, func(p scenario.Play) []arrival {
		var events []arrival
		for _, e := range p.Auth0 {
			events = append(events, arrival{e.Arrival})
		}
		return events
	}, now)
	require.NoError(t, err)
	before := len(arrivals)
	assert.Positive(t, before)
	for range 2 * int(scenario.Length/time.Minute) {
		now = now.Add(time.Minute)
		seen := len(arrivals)
		f.repeat(now)
		require.NoError(t, f.publishDue(now))
		for _, at := range arrivals[seen:] {
			assert.True(t, at.After(now.Add(-time.Minute)), "%v is readable at %v only", at, now)
		}
	}
	assert.True(t, slices.IsSortedFunc(arrivals, time.Time.Compare))
	assert.Greater(t, len(arrivals), before+before/2, "at least once more, but for what lies before the start")
}

// stillness is a day on which nothing happens.
type stillness struct{}

func (stillness) Past(time.Time, time.Time, int) []arrival { return nil }
func (stillness) Next(time.Time) []arrival                 { return nil }

// arrival is an event that can be read from a time on.
type arrival struct{ at time.Time }

func (a arrival) Arrives() time.Time { return a.at }

func TestSilenceIsSilent(t *testing.T) {
	e, err := begin(defaults("--scenario=silence", "--history=72h"))
	require.NoError(t, err)
	defer func() { require.NoError(t, e.end()) }()
	last := time.Now().Add(-scenario.SilentFor + time.Minute) // a scene that began before may go on for seconds
	for _, c := range e.clouds {
		assert.Positive(t, c.entries, c.name)
		assert.Zero(t, c.rate, c.name)
	}
	for _, raw := range e.tenant().Entries("") {
		var f struct{ Date time.Time }
		require.NoError(t, json.Unmarshal(raw, &f))
		assert.True(t, f.Date.Before(last), f.Date)
	}
}

func TestScenariosThatCannotBePlayed(t *testing.T) {
	root := rootCommand()
	root.SetArgs([]string{"serve", "--scenario", "peace"})
	require.ErrorContains(t, root.Execute(), "userlog-emulator scenarios lists them")
	s := defaults("--scenario=silence", "--scenario=stuffing")
	require.ErrorContains(t, s.validate(), "--scenario: silence cannot be played with another one")
}

func TestScenariosAreListed(t *testing.T) {
	root, out := rootCommand(), &buffer{}
	root.SetArgs([]string{"scenarios"})
	root.SetOut(out)
	require.NoError(t, root.Execute())
	for _, s := range scenario.All() {
		assert.Regexp(t, `(?m)^`+s.Name+` +`+regexp.QuoteMeta(s.Title)+`$`, out.String())
	}
}
