package alerts

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/backends/rig"
	"github.com/userlog/userlog-otel/internal/emulator/scenario"
)

// Loki refuses a query that has more than 500 series, which would silence a rule just when the attack is large. The ruler
// counts those of the answer only, not those on the way to it.
func TestAnAttackOnThousandsOfAccountsIsSeen(t *testing.T) {
	const address, accounts = "203.0.113.254", 2500
	end, clouds := time.Now().Add(-10*time.Second), rig.NewClouds(t, seed, users)
	script := clouds.Auth0Day.Script(end.Add(-8 * time.Minute))
	script.From(address, "")
	for i := range accounts {
		script.UnknownUser(fmt.Sprintf("stolen%d@example.com", i))
		script.Wait(100 * time.Millisecond)
	}
	for _, e := range script.Events() {
		require.NoError(t, clouds.Auth0.Publish(e.User, e.Entry))
	}
	w := readWorld(t, map[string]tenant{"crowd": {clouds: clouds}}, rig.LokiOptions{Rules: hurried(t)})
	actor := scenario.Actor{"service.name": "auth0", "client.address": address}
	for _, name := range []string{"UserLogCredentialStuffing", "UserLogEnumeration"} {
		w.loki.Until(name+" fires", 2*time.Minute, func() bool {
			return slices.ContainsFunc(firing(t, w.loki), func(a alert) bool {
				return a.Labels["alertname"] == name && names(a.Labels, actor) && strings.Contains(a.Annotations["summary"], strconv.Itoa(accounts))
			})
		})
	}
	assert.Zero(t, w.loki.Metric("loki_prometheus_rule_evaluation_failures_total", nil), "no rule is refused")
}

// More than 500 alerts of one rule at once are an answer that Loki refuses: what alerts/README.md says of it.
func TestManyAlertsAtOnceNeedAHigherLimitInLoki(t *testing.T) {
	t.Parallel()
	const accounts = 600
	attack := func(limits string) *rig.Loki {
		loki, now := rig.NewLoki(t, rig.LokiOptions{Rules: hurried(t), Limits: limits}), time.Now()
		var leaked []record
		for i := range accounts {
			leaked = append(leaked, records(1, "pwd_leak", "protection", "unknown", fmt.Sprintf("user%d", i), "192.0.2.1")...)
		}
		push(t, loki, "auth0", "acme.example.com", spread(leaked, now.Add(-5*time.Minute), now))
		return loki
	}
	told := func(loki *rig.Loki) (n int) {
		for _, a := range firing(t, loki) {
			if a.Labels["alertname"] == "UserLogBreachedPassword" {
				n++
			}
		}
		return n
	}
	refused := attack("")
	refused.Until("the ruler is refused an answer", time.Minute, func() bool {
		return refused.Metric("loki_prometheus_rule_evaluation_failures_total", nil) > 0
	})
	assert.Zero(t, told(refused))

	raised := attack("max_query_series: 20000")
	raised.Until("all alerts fire", time.Minute, func() bool { return told(raised) == accounts })
	assert.Zero(t, raised.Metric("loki_prometheus_rule_evaluation_failures_total", nil))
}
