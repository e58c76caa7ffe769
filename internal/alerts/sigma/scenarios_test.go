package sigma_test

import (
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/alerts/sigma"
	auth0day "github.com/userlog/userlog-otel/internal/emulator/auth0/day"
	kobilday "github.com/userlog/userlog-otel/internal/emulator/kobil/day"
	"github.com/userlog/userlog-otel/internal/emulator/scenario"
)

// expected are the titles of the rules that find something in each scenario, by the name of the scenario.
var expected = map[string][]string{
	"brute-force":             {"Brute force on an account"},
	"distributed-brute-force": {"Brute force on an account", "Brute force on an account from many addresses"},
	"stuffing":                {"Credential stuffing from one address"},
	"spraying":                {"Password spraying from one address"},
	// Who fails with so many names looks as if he stuffed, too: what he wants shows in that nobody has the names.
	"enumeration":            {"Credential stuffing from one address", "User enumeration from one address"},
	"success-after-failures": {"Brute force on an account", "Login that succeeded after many that failed"},
	"breached-password":      {"Password that is known from a breach"},
	"blocked":                {"Account or address blocked by attack protection", "Brute force on an account"},
	"mfa-fatigue":            {"MFA push fatigue"},
	"mfa-fatigue-succeeded":  {"MFA push fatigue", "MFA push fatigue that succeeded"},
	"otp-guessing":           {"One-time codes or recovery codes guessed"},
	"sms-pumping":            {"SMS pumping from one address"},
	"two-countries":          {"Logins of one user from two countries within an hour"},
	"token-reuse":            {"Refresh tokens of a user reused"},
	"signup-fraud":           {"Many sign-ups from one address"},
	"protection-weakened":    {"Attack protection or second factors switched off"},
	"throttling":             {"Application throttled for minutes"},
	"silence":                nil, // Sigma finds what is there
	scenario.Ordinary:        nil,
}

// load reads the rules that are shipped.
func load(t *testing.T) sigma.Rules {
	t.Helper()
	rules, err := sigma.Load(os.DirFS("../../../alerts/sigma"))
	require.NoError(t, err)
	return rules
}

func TestEachScenarioIsFoundByItsRulesAndTheyNameItsActors(t *testing.T) {
	t.Parallel()
	rules := load(t)
	for _, s := range scenario.All() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, expected, s.Name)
			records, actors := played(t, s)
			found := find(rules, records)
			assert.Equal(t, expected[s.Name], titles(found))
			named := map[int]bool{}
			for title, hits := range found {
				for _, hit := range hits {
					at := slices.IndexFunc(actors, func(a scenario.Actor) bool { return names(hit, a) })
					assert.GreaterOrEqual(t, at, 0, "%s: nobody of the scenario: %v", title, hit.Fields)
					named[at] = true
				}
			}
			if expected[s.Name] != nil {
				assert.Len(t, named, len(actors), "actors that are named, of %v", actors)
			}
		})
	}
}

// played is a scenario with a calm day around it, as records.
func played(t *testing.T, s scenario.Scenario) ([]sigma.Record, []scenario.Actor) {
	t.Helper()
	const seed, users = 2, 40 // with seed 1 the calm day has the traveller log in at home just before he lands
	end := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	begin := end.Add(-24 * time.Hour)
	tenant := auth0day.New(auth0day.Options{Seed: seed, Users: users, Calm: true})
	phones := kobilday.New(kobilday.Options{Seed: seed, Users: users})
	play := s.Play(scenario.Options{Seed: seed, Users: users, End: end})
	c := newClouds()
	calm := end
	if s.Name == scenario.Silence {
		calm = end.Add(-scenario.SilentFor)
	}
	for _, e := range slices.Concat(tenant.Past(begin, calm, 200), play.Auth0) {
		require.NoError(t, c.auth0.Publish(e.User, e.Entry))
	}
	calls := slices.Concat(phones.Past(begin, calm, 100), play.KOBIL)
	slices.SortStableFunc(calls, func(a, b kobilday.Event) int { return a.Date.Compare(b.Date) })
	c.kobil.AddUsers(phones.Users()...)
	for _, e := range calls {
		user, entry := phones.Write(e)
		require.NoError(t, c.kobil.Publish(user, entry))
	}
	return c.records(t, phones.Users()...), play.Actors
}

// find returns what each of the rules that alert finds, by their titles.
func find(rules sigma.Rules, records []sigma.Record) map[string][]sigma.Record {
	found := map[string][]sigma.Record{}
	for _, rule := range rules.Outermost() {
		if hits := rule.Find(records); len(hits) > 0 {
			found[rule.Title] = hits
		}
	}
	return found
}

// titles are those of the rules that found something.
func titles(found map[string][]sigma.Record) []string { return slices.Sorted(maps.Keys(found)) }

// names tells whether what a rule found names an actor: by one attribute at least, and by none another one.
func names(found sigma.Record, actor scenario.Actor) bool {
	named := false
	for attribute, value := range actor {
		got, has := found.Fields[attribute]
		switch {
		case attribute == "service.name":
		case has && got[0] != value:
			return false
		case has, slices.Contains(found.Fields["account"], value):
			named = true
		}
	}
	return named
}
