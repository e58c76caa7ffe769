package sigma_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/alerts/sigma"
)

// entry is one of Auth0, as far as rules look at it.
type entry struct {
	Date        string `json:"date"`
	LogID       string `json:"log_id"`
	Type        string `json:"type"`
	Description string `json:"description,omitempty"`
	UserID      string `json:"user_id,omitempty"`
	UserName    string `json:"user_name,omitempty"`
	IP          string `json:"ip,omitempty"`
	ClientID    string `json:"client_id,omitempty"`
	Strategy    string `json:"strategy,omitempty"`
	Details     any    `json:"details,omitempty"`
}

// of makes entries of a type, of a user at an address.
func of(n int, kind, user, address string) []entry {
	return slices.Repeat([]entry{{Type: kind, UserID: "auth0|" + user, UserName: user + "@example.com", IP: address}}, n)
}

// setting is an entry of a change by an operator.
func setting(description string, body any) []entry {
	return []entry{{Type: "sapi", Description: description, Details: keys{"response": keys{"body": body}}}}
}

// spread gives entries dates that lie evenly over a time, and publishes them.
func spread(t *testing.T, c clouds, over time.Duration, entries []entry) {
	t.Helper()
	begin := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	for i, e := range entries {
		e.Date = begin.Add(over * time.Duration(i) / time.Duration(len(entries))).Format("2006-01-02T15:04:05.000Z")
		e.LogID = fmt.Sprintf("9002026030108%06d", i)
		text, err := json.Marshal(e)
		require.NoError(t, err)
		require.NoError(t, c.auth0.Publish(e.UserID, text))
	}
}

// anywhere gives each entry an address of its own.
func anywhere(entries []entry) []entry {
	for i := range entries {
		entries[i].IP = fmt.Sprintf("198.51.100.%d", i)
	}
	return entries
}

// everybody makes each entry one of another user.
func everybody(entries []entry) []entry {
	for i := range entries {
		entries[i].UserID = fmt.Sprintf("sms|%d", i)
		entries[i].UserName = fmt.Sprintf("+1202555%04d", i)
	}
	return entries
}

// through makes the entries those of a connection of this strategy.
func through(strategy string, entries []entry) []entry {
	for i := range entries {
		entries[i].Strategy = strategy
	}
	return entries
}

// described gives each entry a description.
func described(entries []entry, text string) []entry {
	for i := range entries {
		entries[i].Description = text
	}
	return entries
}

// TestRulesTellNeighboursApart has what the scenarios have not: what is just not enough, and what only looks alike.
func TestRulesTellNeighboursApart(t *testing.T) {
	t.Parallel()
	const here = "192.0.2.1"
	const brute, succeeded = "Brute force on an account", "Login that succeeded after many that failed"
	const blocked, pumped = "Account or address blocked by attack protection", "SMS pumping from one address"
	for name, test := range map[string]struct {
		over    time.Duration
		entries []entry
		want    []string
	}{
		"nine failed logins":                       {5 * time.Minute, of(9, "fp", "ada", here), nil},
		"ten, and the account is blocked":          {5 * time.Minute, append(of(10, "fp", "ada", here), of(5, "limit_wc", "ada", here)...), []string{blocked, brute}},
		"eleven, in other letters":                 {5 * time.Minute, of(11, "FP", "ada", here), nil}, // the receiver does not know the type
		"eleven in an hour":                        {time.Hour, of(11, "fp", "ada", here), nil},
		"eleven at the token endpoint":             {5 * time.Minute, of(11, "fepft", "ada", here), []string{brute}},
		"eleven pages without a session":           {5 * time.Minute, of(11, "fsa", "ada", here), nil},
		"four addresses, twice each":               {5 * time.Minute, append(anywhere(of(4, "fp", "ada", "")), anywhere(of(4, "fp", "ada", ""))...), nil},
		"a session that goes on after the attack":  {5 * time.Minute, append(of(11, "fp", "ada", here), of(1, "ssa", "ada", here)...), []string{brute}},
		"a login after the attack":                 {5 * time.Minute, append(of(11, "fp", "ada", here), of(1, "s", "ada", here)...), []string{brute, succeeded}},
		"a login before the attack":                {5 * time.Minute, append(of(1, "s", "ada", here), of(11, "fp", "ada", here)...), []string{brute}},
		"a login of another":                       {5 * time.Minute, append(of(11, "fp", "ada", here), of(1, "s", "ben", here)...), []string{brute}},
		"requests that are refused on the phone":   {5 * time.Minute, of(9, "gd_auth_rejected", "ada", here), nil},
		"messages that cannot be sent":             {5 * time.Minute, of(9, "gd_send_sms_failure", "ada", here), nil},
		"recovery codes":                           {5 * time.Minute, append(of(4, "gd_recovery_failed", "ada", here), of(1, "gd_recovery_rate_limit_exceed", "ada", here)...), []string{"One-time codes or recovery codes guessed"}},
		"codes of logins without a password":       {time.Hour, through("sms", everybody(of(21, "cs", "", here))), []string{pumped}},
		"the same by e-mail":                       {time.Hour, through("email", everybody(of(21, "cs", "", here))), nil},
		"eleven codes for one phone":               {time.Hour, anywhere(of(11, "gd_send_sms", "ada", "")), []string{"SMS bombing of a user"}},
		"refresh tokens that are refused":          {time.Hour, described(of(9, "ferrt", "ada", here), "Unknown or invalid refresh token."), nil},
		"protection that is changed and stays on":  {0, setting("Update Brute-force settings", keys{"enabled": true}), nil},
		"protection that is switched off":          {0, setting("Update Suspicious IP Throttling settings", keys{"enabled": false}), []string{"Attack protection or second factors switched off"}},
		"something else that is switched off":      {0, setting("Update a client", keys{"enabled": false}), nil},
		"policies for second factors that are set": {0, setting("Update multi-factor authentication policies", []string{"all-applications"}), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClouds()
			spread(t, c, test.over, test.entries)
			assert.Equal(t, test.want, titles(find(load(t), c.records(t))))
		})
	}
}

func TestTenantsAreNotMixed(t *testing.T) {
	t.Parallel()
	var records []sigma.Record
	for range 2 {
		c := newClouds()
		spread(t, c, 5*time.Minute, of(9, "fp", "ada", "192.0.2.1"))
		records = append(records, c.records(t)...)
	}
	slices.SortStableFunc(records, func(a, b sigma.Record) int { return a.Time.Compare(b.Time) })
	require.Len(t, records, 18)
	assert.Empty(t, titles(find(load(t), records)))
}
