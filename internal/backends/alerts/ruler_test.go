package alerts

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/backends/rig"
)

// alert is one of Loki's ruler (the API of Prometheus).
type alert struct {
	Labels      map[string]string
	Annotations map[string]string
	State       string
}

// firing asks the ruler what fires.
func firing(t *testing.T, loki *rig.Loki) []alert {
	t.Helper()
	answer, err := http.Get(loki.URL() + "/prometheus/api/v1/alerts")
	require.NoError(t, err)
	defer answer.Body.Close()
	var parsed struct{ Data struct{ Alerts []alert } }
	require.NoError(t, json.NewDecoder(answer.Body).Decode(&parsed))
	return slices.DeleteFunc(parsed.Data.Alerts, func(a alert) bool { return a.State != "firing" })
}

// hurried copies the files of rules, evaluated every ten seconds.
func hurried(t *testing.T) []string {
	t.Helper()
	dir, interval := t.TempDir(), regexp.MustCompile(`(?m)^    interval: \w+$`)
	var copies []string
	for _, path := range files(t) {
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		copied := filepath.Join(dir, filepath.Base(path))
		require.NoError(t, os.WriteFile(copied, interval.ReplaceAll(content, []byte("    interval: 10s")), 0o600))
		copies = append(copies, copied)
	}
	return copies
}

// Now is any time of a day, so people may log in while a scenario is about them: TestAlertsNameTheirActorsAndNobodyElse
// tells what must not fire.
func TestTheRulerFiresEveryAlertAndFillsInWhatItSays(t *testing.T) {
	w := newWorld(t, time.Now(), calm{3 * time.Hour, 60}, rig.LokiOptions{Rules: hurried(t)})
	want := expected()
	fires := func(name string) bool {
		return slices.ContainsFunc(firing(t, w.loki), func(a alert) bool {
			return a.Labels["alertname"] == name && want[name][w.scenarios[a.Labels["service_instance_id"]]] == own
		})
	}
	for _, r := range rules(t) {
		if r.Alert != noEntries {
			w.loki.Until(r.Alert+" fires", 2*time.Minute, func() bool { return fires(r.Alert) })
		}
	}
	for _, a := range firing(t, w.loki) {
		for key, text := range a.Annotations {
			assert.NotRegexp(t, `<no value>|\{\{|error expanding`, text, "%s: %s", a.Labels["alertname"], key)
		}
		for _, label := range []string{"account", "client_address"} {
			if value := a.Labels[label]; value != "" {
				assert.Contains(t, a.Annotations["summary"]+a.Annotations["description"], value, a.Labels["alertname"])
			}
		}
	}
}
