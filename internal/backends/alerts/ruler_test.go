package alerts

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
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

// hostileHost is a tenant in which somebody types names to lead those astray who look at alerts.
const hostileHost = "hostile.example.com"

// hostile lets somebody be guessed whose name would end a string in a query, and go on with another.
func (w *world) hostile(t *testing.T) {
	t.Helper()
	w.scenarios[hostileHost] = "brute-force"
	push(t, w.loki, "auth0", hostileHost, spread(wrong(10, `ada"\`+"` or user_name!=`", ""), time.Now().Add(-5*time.Minute), time.Now()))
}

// finds tells whether a query, as an alert suggests it, has an answer.
func finds(loki *rig.Loki, query string) bool {
	now := time.Now()
	if strings.HasPrefix(query, "{") {
		return len(loki.Lines(query, now.Add(-4*time.Hour), now)) > 0
	}
	return len(loki.Instant(query, now)) > 0
}

func TestTheRulerFiresEveryAlertAndFillsInWhatItSays(t *testing.T) {
	w := newWorld(t, time.Now(), calm{3 * time.Hour, 60}, rig.LokiOptions{Rules: hurried(t)})
	w.hostile(t)
	want := expected()
	var fired []alert
	w.loki.Until("all alerts fire", 2*time.Minute, func() bool {
		fired = firing(t, w.loki)
		for name, scenarios := range want {
			if len(scenarios) > 0 && !slices.ContainsFunc(fired, func(a alert) bool { return a.Labels["alertname"] == name }) {
				return false
			}
		}
		return slices.ContainsFunc(fired, func(a alert) bool { return a.Labels["service_instance_id"] == hostileHost })
	})
	for _, a := range fired {
		name := w.scenarios[a.Labels["service_instance_id"]]
		assert.NotEmpty(t, want[a.Labels["alertname"]][name], "%s in %s", a.Labels["alertname"], name)
		for key, text := range a.Annotations {
			assert.NotRegexp(t, `<no value>|\{\{|error expanding`, text, "%s: %s", a.Labels["alertname"], key)
		}
		for _, label := range []string{"account", "client_address"} {
			if value := a.Labels[label]; value != "" {
				assert.Contains(t, a.Annotations["summary"]+a.Annotations["description"], value, a.Labels["alertname"])
			}
		}
		if a.Labels["alertname"] != "UserLogCredentialStuffing" { // which asks for what must not be
			assert.True(t, finds(w.loki, a.Annotations["query"]), "%s: nothing for %s", a.Labels["alertname"], a.Annotations["query"])
		}
	}
}
