//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
)

// alertMetrics are the metrics of the collector that the rules for Prometheus use.
func alertMetrics(t *testing.T) map[string]bool {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("..", "..", "alerts", "prometheus", "health.yaml"))
	require.NoError(t, err)
	names := map[string]bool{}
	for _, name := range regexp.MustCompile(`\botelcol_[a-z_]+`).FindAllString(string(content), -1) {
		names[name] = true
	}
	require.Greater(t, len(names), 5)
	return names
}

// TestAlertsUseMetricsAsTheCollectorServesThem is a normal run.
func TestAlertsUseMetricsAsTheCollectorServesThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t, newTenant())
	w.metrics = true
	w.backlog(10)
	c := w.start()
	w.arrive(c)
	page := c.metricsPage()
	for name := range alertMetrics(t) {
		assert.Regexp(t, `(?m)^`+name+`\{(.*,)?receiver="`+regexp.QuoteMeta(w.systems[0].receiver())+`"`, page)
	}
	assert.Regexp(t, `(?m)^otelcol_receiver_user_log_requests\{.*status_class="2xx"`, page)
}

// TestRefusalsShowInTheClassesThatAlertsLookAt is what tells one alert from the other: a token that the API refuses counts
// as 4xx, one that the token endpoint does not give as no answer.
func TestRefusalsShowInTheClassesThatAlertsLookAt(t *testing.T) {
	t.Parallel()
	for class, test := range map[string]struct {
		options auth0.Options
		keys    object
	}{
		"4xx":  {auth0.Options{Tokens: []string{"another"}}, object{"token": "canary-e2e-token"}},
		"none": {auth0.Options{Clients: map[string]string{"e2e": "another"}}, object{"client_id": "e2e", "client_secret": "canary-e2e-secret"}},
	} {
		t.Run(class, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, test.options)
			delete(r.auth0, "token")
			for key, value := range test.keys {
				r.auth0[key] = value
			}
			r.users("auth0|63d1c0ffee01")
			r.metrics = true
			c := r.start()
			refused := regexp.MustCompile(`(?m)^otelcol_receiver_user_log_requests\{.*status_class="` + class + `".*\} [1-9]`)
			c.until("a request is refused", waitLimit, func() bool { return refused.MatchString(c.metricsPage()) })
			assert.Regexp(t, `(?m)^otelcol_receiver_user_log_requests\{.*status_class="2xx".*\} 0$`, c.metricsPage())
		})
	}
}
