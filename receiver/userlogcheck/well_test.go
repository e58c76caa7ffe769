package userlogcheck

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"

	"github.com/userlog/userlog-otel/config"
	"github.com/userlog/userlog-otel/internal/emulator/auth0"
	"github.com/userlog/userlog-otel/internal/emulator/canvas"
	"github.com/userlog/userlog-otel/internal/emulator/kobil"
)

// What the clock and the machine decide stands in golden files as a person would see it.
var decided = []struct {
	of *regexp.Regexp
	as string
}{
	{regexp.MustCompile(`answers in [\d.]+m?s`), "answers in 40ms"},
	{regexp.MustCompile(`more in \w+`), "more in 42s"},
	{regexp.MustCompile(`and \d+s or more`), "and 2s or more"},
	{regexp.MustCompile(`(auth0|kobil|canvas) 127\.0\.0\.1:\d+`), "$1 $1.example.com"},
}

func settled(table string) string {
	for _, d := range decided {
		table = d.of.ReplaceAllString(table, d.as)
	}
	return table
}

func TestTableOfSourcesThatAreWell(t *testing.T) {
	t.Parallel()
	acme, acmeURL := tenant(t, auth0.Options{Clients: map[string]string{"app": canary}, RateLimit: auth0.RateLimit{Limit: 50, Window: time.Hour}}, 120)
	users := []any{user}
	for i := range 9 {
		id := fmt.Sprintf("auth0|63d1c0ffee63d1c0ffee1%03d", i)
		users = append(users, id)
		require.NoError(t, acme.Publish(id))
	}
	bank := kobil.New(kobil.Options{Tokens: []string{canary}})
	require.NoError(t, bank.Publish("jane", json.RawMessage(fmt.Sprintf(`{"id":7,"action":"LOGIN","logDate":%d}`, time.Now().Add(-3*time.Hour-time.Minute).Unix()))))
	campus := canvas.New(canvas.Options{Tokens: []string{canary}, Bucket: canvas.Bucket{Cost: 1}})
	campus.AddAccount(1, "Example")
	campus.Publish(canvas.Event{ID: "b0a7e1c2-0000-4000-8000-000000000001", At: time.Now().Add(-49 * time.Hour), Type: "login", User: 3, Login: 5, Account: 1})

	s := settings(nil)
	s.Receivers = map[component.ID]*config.Config{
		idOf("acme"): configured(t, "auth0", keys{"endpoint": acmeURL, "client_id": "app", "client_secret": canary, "users": users},
			keys{"storage": "file_storage"}),
		idOf("bank"): configured(t, "kobil", keys{"endpoint": serve(t, bank), "token": canary, "product": "ssms", "users": []any{"jane"}},
			keys{"storage": "file_storage"}),
		idOf("campus"): configured(t, "canvas", keys{"endpoint": serve(t, campus), "token": canary, "accounts": []any{"1"}}, nil),
	}
	report, table := run(t, s)
	assert.True(t, report.OK)
	golden(t, "well.txt", settled(table))
	assert.Equal(t, 1, acme.TokenRequests())
	assert.Len(t, acme.Requests(), 4, "one for a token, and one for each log that is looked at")
	assert.Equal(t, 4, report.Receivers[0].Requests)
}

func TestAllLogsAreLookedAtOnRequestAndUsersNamedOnRequest(t *testing.T) {
	t.Parallel()
	a, url := tenant(t, auth0.Options{}, 1)
	users := []any{user}
	for i := range 5 {
		users = append(users, fmt.Sprint("auth0|", i))
		require.NoError(t, a.Publish(fmt.Sprint("auth0|", i)))
	}
	s := settings(configured(t, "auth0", keys{"endpoint": url, "token": canary, "users": users}, nil))
	s.Logs, s.ShowUsers = 0, true
	report := Run(t.Context(), s)
	require.Len(t, report.Receivers[0].Logs, 6)
	assert.Equal(t, user, report.Receivers[0].Logs[0].Name)
	assert.Equal(t, "6 of 6 logs looked at", of(t, report, "logs").Text)
	assert.True(t, report.Receivers[0].FirstRead.Exact)
	assert.Equal(t, 1, report.Receivers[0].FirstRead.Entries)
}

func TestDiscoveryCostsOneRequest(t *testing.T) {
	t.Parallel()
	a := auth0.New(auth0.Options{})
	for i := range 250 {
		id := fmt.Sprintf("auth0|63d1c0ffee%03d", i)
		a.AddUsers(id)
		require.NoError(t, a.Publish(id))
	}
	report, _ := run(t, settings(configured(t, "auth0", keys{"endpoint": serve(t, a), "token": canary, "discover": keys{}}, nil)))
	assert.Equal(t, Check{"logs", OK, "3 of 250 logs looked at"}, of(t, report, "logs"))
	assert.Len(t, a.Requests(), 4)
}

func TestTheTenantsLogIsOneLog(t *testing.T) {
	t.Parallel()
	a, url := tenant(t, auth0.Options{}, 150)
	report, _ := run(t, settings(configured(t, "auth0", keys{"endpoint": url, "token": canary, "tenant": true}, nil)))
	assert.True(t, report.OK)
	assert.Equal(t, Check{"logs", OK, "the log of the tenant was looked at"}, of(t, report, "logs"))
	assert.Equal(t, "2m ago", of(t, report, "newest_entry").Text)
	assert.Len(t, a.Requests(), 1)
	assert.Equal(t, 100, report.Receivers[0].FirstRead.AtLeast)
	assert.InDelta(t, 1400, report.Receivers[0].FirstRead.Entries, 40, "one a minute for a day")
}

func TestWindowThatIsTooShortForTheLookbackIsTold(t *testing.T) {
	t.Parallel()
	_, url := tenant(t, auth0.Options{}, 120)
	report, _ := run(t, settings(configured(t, "auth0", keys{"endpoint": url, "token": canary, "users": []any{user}}, nil)))
	check := of(t, report, "first_read")
	assert.Equal(t, Note, check.State)
	assert.Contains(t, check.Text, "the API gives the newest 1000 of a log: what is older is told as a gap")
	assert.Equal(t, 1000, report.Receivers[0].FirstRead.Entries)
}

func TestClockThatDiffersIsTold(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		server time.Duration
		want   string
	}{
		"ahead":  {-10*time.Minute - time.Second, "10m ahead of the API's"},
		"behind": {2*time.Hour + 30*time.Second, "2h behind the API's"},
	} {
		_, url := tenant(t, auth0.Options{Now: func() time.Time { return time.Now().Add(test.server) }}, 1)
		report, _ := run(t, settings(configured(t, "auth0", keys{"endpoint": url, "token": canary, "users": []any{user}}, nil)))
		check := of(t, report, "clock")
		assert.Equal(t, Note, check.State, name)
		assert.Contains(t, check.Text, test.want, name)
		assert.InDelta(t, test.server.Seconds(), *report.Receivers[0].ClockDifference, 2, name)
		assert.True(t, report.OK, name)
	}
}

// jwt is a token that says something of itself.
func jwt(claims string) string {
	return "e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + "." + canary
}

func TestRightsAreReadFromATokenThatSaysThem(t *testing.T) {
	t.Parallel()
	ends := time.Now().Add(49 * time.Hour)
	for claims, want := range map[string]string{
		`{"scope":"read:logs read:users"}`:                               "the logs may be read; scopes: read:logs read:users",
		`{"scope":"read:logs","permissions":["read:users","read:logs"]}`: "the logs may be read; scopes: read:logs read:users",
		`{"permissions":[]}`:                                             "the logs may be read; scopes: none",
		`{"scope":"read:logs a\\b \u00e9"}`:                              "the logs may be read; scopes: read:logs",
		`{"scope":7}`:                                                    "the logs may be read; what else the token may do, it does not tell",
		fmt.Sprintf(`{"exp":%d,"sub":"63d1c0ffee jane"}`, ends.Unix()):   "the logs may be read; what else the token may do, it does not tell",
		`{"exp":1e300,"scope":"read:logs_users"}`:                        "the logs may be read; scopes: read:logs_users",
	} {
		_, url := tenant(t, auth0.Options{}, 1)
		report, _ := run(t, settings(configured(t, "auth0", keys{"endpoint": url, "token": jwt(claims), "users": []any{user}}, nil)))
		assert.Equal(t, Check{"rights", OK, want}, of(t, report, "rights"), claims)
		if token := report.Receivers[0].Token; token != nil && token.Expires != nil {
			assert.WithinDuration(t, ends, *token.Expires, time.Second)
			assert.Equal(t, "the token is accepted; it ends in 2d", of(t, report, "credentials").Text[:36])
		}
	}
}

func TestReserveIsNotSpent(t *testing.T) {
	t.Parallel()
	a, url := tenant(t, auth0.Options{RateLimit: auth0.RateLimit{Limit: 10, Window: time.Hour}}, 1)
	for range 7 { // others are at work
		resp, err := http.Get(url + "/api/v2/logs")
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
	}
	users := []any{user, "auth0|2", "auth0|3"}
	for _, id := range users[1:] {
		require.NoError(t, a.Publish(id.(string)))
	}
	s := settings(configured(t, "auth0", keys{"endpoint": url, "token": canary, "users": users}, nil))
	s.Timeout = 200 * time.Millisecond
	report, _ := run(t, s)
	check := of(t, report, "rate_limit")
	assert.Equal(t, Fail, check.State)
	assert.Contains(t, check.Text, "the API has 2 of 10 requests left, which rate_limit::reserve keeps for others: who else uses it? Try again later")
	assert.Len(t, a.Requests(), 8)
}
