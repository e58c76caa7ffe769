package dashboards_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/backends/rig"
)

// addresses are more than the series with which Loki answers a query at most (limits_config, max_query_series: 500). It
// counts those below a topk, too.
const addresses = 600

// burst is a Loki with one failed login from each of many addresses, before now.
func burst(t *testing.T, limits string, now time.Time) *rig.Loki {
	t.Helper()
	loki := rig.NewLoki(t, rig.LokiOptions{Limits: limits})
	var records []string
	for i := range addresses {
		records = append(records, fmt.Sprintf(`{"timeUnixNano": "%d", "body": {"stringValue": ""}, "attributes": [
			{"key": "user_log.category", "value": {"stringValue": "login"}}, {"key": "user_log.outcome", "value": {"stringValue": "failure"}},
			{"key": "client.address", "value": {"stringValue": "2001:db8::%x"}}]}`, now.Add(-time.Duration(i)*time.Second).UnixNano(), i))
	}
	body := `{"resourceLogs": [{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "auth0"}},
		{"key": "service.instance.id", "value": {"stringValue": "acme.example.com"}}]},
		"scopeLogs": [{"logRecords": [` + strings.Join(records, ",") + `]}]}]}`
	answer, err := http.Post(loki.OTLP()+"/v1/logs", "application/json", strings.NewReader(body))
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusNoContent, answer.StatusCode)
	return loki
}

// What docs/dashboards.md says of large attacks.
func TestManyAddressesNeedAHigherLimitInLoki(t *testing.T) {
	t.Parallel()
	now := time.Now()
	look := func(loki *rig.Loki) view {
		return view{source: loki, from: now.Add(-time.Hour), to: now, interval: time.Minute}
	}
	attack := load(t, "attack-view")

	raised := look(burst(t, "max_query_series: 20000", now))
	assert.InDelta(t, addresses, raised.number(t, attack, "Failing addresses"), 0)
	assert.Len(t, raised.only(t, attack, "bargauge", "Failures by address"), 10)

	loki := burst(t, "", now)
	query := look(loki).fill(panel(t, attack, "bargauge", "Failures by address").Targets[0])
	answer, err := http.Get(loki.URL() + "/loki/api/v1/query?" + url.Values{"query": {query}}.Encode())
	require.NoError(t, err)
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	assert.Equal(t, http.StatusBadRequest, answer.StatusCode)
	assert.Contains(t, string(said), "maximum number of series (500) reached")
}
