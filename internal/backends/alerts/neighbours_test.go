package alerts

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/userlog/userlog-otel/internal/backends/rig"
)

// records makes n of them, of a user at an address unless these are "".
func records(n int, kind, category, outcome, user, address string) []record {
	one := record{"user_log.type": kind, "user_log.category": category, "user_log.outcome": outcome}
	if user != "" {
		one["user.name"], one["user.id"] = user+"@example.com", "auth0|"+user
	}
	if address != "" {
		one["client.address"] = address
	}
	return slices.Repeat([]record{one}, n)
}

func wrong(n int, user, address string) []record {
	return records(n, "fp", "login", "failure", user, address)
}

// wide is wrong passwords, so many for each of the accounts.
func wide(each, accounts int) (all []record) {
	for i := range accounts {
		all = append(all, wrong(each, fmt.Sprintf("user%d", i), "192.0.2.1")...)
	}
	return all
}

// texts are records with one more attribute.
func texts(name, value string, all []record) []record {
	var out []record
	for _, r := range all {
		more := record{name: value}
		for key, old := range r {
			more[key] = old
		}
		out = append(out, more)
	}
	return out
}

// What is just not enough, and what only looks alike: each in a tenant of its own, with the same users as the others.
func TestRulesTellNeighboursApart(t *testing.T) {
	const here = "192.0.2.1"
	cases := map[string]struct {
		records []record
		want    []string
	}{
		"nine wrong passwords":                    {wrong(9, "ada", here), nil},
		"ten":                                     {wrong(10, "ada", here), []string{"UserLogBruteForce"}},
		"pages that ask for a session":            {append(records(12, "fsa", "login", "failure", "ada", here), records(1, "s", "login", "success", "ada", here)...), nil},
		"a delegated session that goes on":        {append(wrong(10, "ada", here), records(1, "sdelsa", "login", "success", "ada", here)...), []string{"UserLogBruteForce"}},
		"three for each of five accounts":         {wide(3, 5), []string{"UserLogPasswordSpraying"}},
		"nine for each, where none is blocked":    {wide(9, 5), []string{"UserLogPasswordSpraying"}},
		"three for each of four accounts":         {wide(3, 4), nil},
		"messages that cannot be sent":            {records(9, "gd_send_sms_failure", "mfa", "failure", "ada", here), nil},
		"wrong codes":                             {records(5, "gd_auth_failed", "mfa", "failure", "ada", here), []string{"UserLogCodeGuessing"}},
		"codes for logins without a password":     {texts("auth0.strategy", "sms", records(21, "cs", "login", "unknown", "", here)), []string{"UserLogSMSPumping"}},
		"the same by e-mail":                      {texts("auth0.strategy", "email", records(21, "cs", "login", "unknown", "", here)), nil},
		"used tokens, nobody knows whose":         {texts("user_log.description", "reused refresh token detected", records(9, "ferrt", "token", "failure", "", here)), nil},
		"used tokens of one":                      {texts("user_log.description", "reused refresh token detected", records(4, "ferrt", "token", "failure", "ada", here)), []string{"UserLogRefreshTokenReuse"}},
		"a type that has a dangerous one in it":   {records(1, "no_pwd_leak_at_all", "unknown", "unknown", "ada", here), nil},
		"twenty-five who come to work and get in": {append(wide(2, 25), logins(25)...), nil},
	}
	loki, now := rig.NewLoki(t, rig.LokiOptions{}), time.Now()
	for name, one := range cases {
		push(t, loki, "auth0", name, spread(one.records, now.Add(-8*time.Minute), now.Add(-time.Minute)))
	}
	logged := records(1, "login", "login", "success", "ada", here)
	abroad := append(texts("geo.country.iso_code", "DE", logged), texts("geo.country.iso_code", "BR", logged)...)
	push(t, loki, "canvas", "a campus whose countries a processor adds", spread(abroad, now.Add(-50*time.Minute), now))
	fired := map[string][]string{}
	for _, r := range rules(t) {
		for _, sample := range loki.Instant(r.Expr, now) {
			tenant := sample.Labels["service_instance_id"]
			fired[tenant] = append(fired[tenant], r.Alert)
		}
	}
	for name, one := range cases {
		assert.ElementsMatch(t, one.want, fired[name], name)
	}
	assert.Equal(t, []string{"UserLogTwoCountries"}, fired["a campus whose countries a processor adds"])
}

// logins are those of the first accounts of wide.
func logins(accounts int) (all []record) {
	for i := range accounts {
		all = append(all, records(1, "s", "login", "success", fmt.Sprintf("user%d", i), "192.0.2.1")...)
	}
	return all
}
