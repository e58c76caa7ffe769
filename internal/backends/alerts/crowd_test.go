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
