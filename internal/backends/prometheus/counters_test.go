// Package prometheus tests the example that counts entries for Prometheus.
package prometheus

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/backends/rig"
)

// limit is how long a test waits for what takes seconds on an idle machine.
const limit = 60 * time.Second

// page is where a collector shows its counters.
type page struct {
	t   *testing.T
	url string
}

// newPage is one at a free port, and the configuration that puts the example's exporter there.
func newPage(t *testing.T) (p page, config string) {
	t.Helper()
	address := "127.0.0.1:" + rig.FreePort(t)
	return page{t, "http://" + address + "/metrics"}, "yaml:exporters::prometheus::endpoint: " + address
}

// sample is a line of a counter of entries, with its labels.
var sample = regexp.MustCompile(`(?m)^(user_log_entries[a-z_]*_total)\{([^}]*)\} ([0-9.e+]+)$`)

// counters are the values shown, by name and labels.
func (p page) counters() map[string]int {
	p.t.Helper()
	response, err := http.Get(p.url)
	require.NoError(p.t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(p.t, err)
	all := map[string]int{}
	for _, match := range sample.FindAllStringSubmatch(string(body), -1) {
		value, err := strconv.ParseFloat(match[3], 64)
		require.NoError(p.t, err)
		var labels []string
		for label := range strings.SplitSeq(match[2], ",") {
			if !strings.HasPrefix(label, "instance=") && !strings.HasPrefix(label, "job=") {
				labels = append(labels, label)
			}
		}
		slices.Sort(labels)
		all[match[1]+"{"+strings.Join(labels, ",")+"}"] = int(value)
	}
	return all
}

const failedLogins = `user_log_entries_total{service_name="auth0",user_log_category="login",user_log_outcome="failure"}`

// tenant publishes entries in a row, as Auth0 does: log_id grows with their arrival, the date is when they happened.
type tenant struct {
	t      *testing.T
	clouds *rig.Clouds
	count  int
}

func (n *tenant) publish(kind string, at time.Time, entries int) {
	n.t.Helper()
	for range entries {
		n.count++
		entry := fmt.Sprintf(`{"log_id":"90020260101000000000000000%08d","date":%q,"type":%q,"user_id":"auth0|1","user_name":"jane@example.com","ip":"203.0.113.7"}`,
			n.count, at.UTC().Format(time.RFC3339Nano), kind)
		require.NoError(n.t, n.clouds.Auth0.Publish("", json.RawMessage(entry)))
	}
}

// start starts a collector on the example, and says where its counters are.
func (n *tenant) start(more ...string) (*rig.Collector, page) {
	n.t.Helper()
	p, endpoint := newPage(n.t)
	configs := append([]string{rig.Example(n.t, "prometheus"), endpoint}, rig.Hurry("user_log/auth0")...)
	return rig.Start(n.t, n.t.TempDir(), n.clouds.Env, append(configs, more...)...), p
}

// threeBatches publishes 20, 20 and 3 failed logins, the last ones late. After each it publishes entries of a kind of their
// own until one counts: then the batch was counted, or never will be. It returns the count of failed logins after each.
func (n *tenant) threeBatches(c *rig.Collector, p page) []int {
	n.t.Helper()
	now := time.Now()
	var after []int
	for _, batch := range []struct {
		entries int
		at      time.Time
		marker  string
	}{{20, now.Add(-time.Minute), "slo"}, {20, now, "flo"}, {3, now.Add(-time.Hour), "ss"}} {
		n.publish("fp", batch.at, batch.entries)
		c.Until("a marker counts", limit, func() bool {
			n.publish(batch.marker, time.Now(), 1)
			for series := range p.counters() {
				if strings.Contains(series, `type="`+batch.marker+`"`) {
					return true
				}
			}
			return false
		})
		after = append(after, p.counters()[failedLogins])
	}
	return after
}

func TestLateEntriesAreCounted(t *testing.T) {
	t.Parallel()
	n := &tenant{t: t, clouds: rig.NewClouds(t, 1, 1)}
	c, p := n.start()
	assert.Equal(t, []int{20, 40, 43}, n.threeBatches(c, p))
	value := regexp.MustCompile(`="[^"]*"`)
	var names []string
	for series := range p.counters() {
		names = append(names, value.ReplaceAllString(series, ""))
	}
	slices.Sort(names)
	assert.Equal(t, []string{
		"user_log_entries_by_type_total{service_name,user_log_outcome,user_log_type}",
		"user_log_entries_total{service_name,user_log_category,user_log_outcome}",
	}, slices.Compact(names), "no label but these")
	c.Stop()
}

// Why the example has the statement that it has.
func TestWithoutTheStatementLateEntriesAreNotCounted(t *testing.T) {
	t.Parallel()
	n := &tenant{t: t, clouds: rig.NewClouds(t, 1, 1)}
	c, p := n.start("yaml:service::pipelines::metrics::processors: [batch, delta_to_cumulative]")
	assert.Less(t, n.threeBatches(c, p)[2], 43)
	c.Stop()
}

// Logs that are read at the same time count together.
func TestEveryEntryOfEverySystemIsCountedOnce(t *testing.T) {
	t.Parallel()
	clouds, now := rig.NewClouds(t, 3, 200), time.Now()
	clouds.Past(t, now.Add(-12*time.Hour), now.Add(-time.Minute), 2000)
	want := map[string]int{}
	for service, entries := range clouds.Entries() {
		want[service] = len(entries)
	}
	p, endpoint := newPage(t)
	c := rig.Start(t, t.TempDir(), clouds.Env, append(rig.AllSystems(t, "prometheus"), endpoint,
		"yaml:receivers::user_log/kobil::concurrency: 64")...)
	service := regexp.MustCompile(`^user_log_entries_total\{service_name="(\w+)"`)
	got := map[string]int{}
	c.Until("all entries are counted", limit, func() bool {
		clear(got)
		for series, value := range p.counters() {
			if match := service.FindStringSubmatch(series); match != nil {
				got[match[1]] += value
			}
		}
		return got["auth0"]+got["kobil"]+got["canvas"] >= want["auth0"]+want["kobil"]+want["canvas"]
	})
	assert.Equal(t, want, got)
	c.Stop()
}
