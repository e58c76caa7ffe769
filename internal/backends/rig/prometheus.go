package rig

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// prometheusStartLimit is how long Prometheus may take to be ready, on a machine that does other things.
const prometheusStartLimit = time.Minute

// Prometheus is the real Prometheus, running in a process of its own.
type Prometheus struct {
	*child
	url    string
	client http.Client
}

// NewPrometheus starts Prometheus on loopback, with nothing in it, and waits until it is ready. It reads the metrics of a
// target, HOST:PORT, every second. It ends with the test. The program is the one that the variable PROMETHEUS names;
// without it the test is skipped.
func NewPrometheus(t *testing.T, target string) *Prometheus {
	t.Helper()
	binary := Binary(t, "PROMETHEUS", "set it to the program of Prometheus, in Debian that of the package prometheus")
	dir, address := t.TempDir(), "127.0.0.1:"+FreePort(t)
	config := filepath.Join(dir, "prometheus.yml")
	require.NoError(t, os.WriteFile(config, fmt.Appendf(nil, `global: {scrape_interval: 1s}
scrape_configs: [{job_name: otelcol, static_configs: [{targets: [%q]}]}]
`, target), 0o600))

	p := &Prometheus{url: "http://" + address, client: http.Client{Timeout: time.Minute}}
	p.child = startChild(t, "Prometheus", dir, nil, binary,
		"--config.file="+config, "--storage.tsdb.path="+filepath.Join(dir, "data"), "--web.listen-address="+address)
	t.Cleanup(p.client.CloseIdleConnections)
	p.Until("Prometheus is ready", prometheusStartLimit, func() bool {
		answer, err := p.client.Get(p.url + "/-/ready")
		if err != nil { // it does not listen yet
			return false
		}
		defer answer.Body.Close()
		return answer.StatusCode == http.StatusOK
	})
	return p
}

// Instant are the values of a query at a time.
func (p *Prometheus) Instant(query string, at time.Time) []Sample {
	p.t.Helper()
	return p.query("/api/v1/query", url.Values{"query": {query}, "time": {at.UTC().Format(time.RFC3339Nano)}})
}

// Range are the values of a query at each step between two times, one series after the other.
func (p *Prometheus) Range(query string, from, to time.Time, step time.Duration) []Sample {
	p.t.Helper()
	return p.query("/api/v1/query_range", url.Values{
		"query": {query}, "start": {from.UTC().Format(time.RFC3339Nano)}, "end": {to.UTC().Format(time.RFC3339Nano)},
		"step": {strconv.FormatFloat(step.Seconds(), 'f', -1, 64)},
	})
}

// query asks for a vector or a matrix.
func (p *Prometheus) query(path string, values url.Values) (samples []Sample) {
	p.t.Helper()
	answer, err := p.client.Get(p.url + path + "?" + values.Encode())
	require.NoError(p.t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	require.NoError(p.t, err)
	require.Equal(p.t, http.StatusOK, answer.StatusCode, "%s: %s", values.Get("query"), body)
	var parsed struct {
		Data struct {
			Result []struct {
				Metric map[string]string
				Value  *point
				Values []point
			}
		}
	}
	require.NoError(p.t, json.Unmarshal(body, &parsed))
	for _, series := range parsed.Data.Result {
		if series.Value != nil {
			series.Values = append(series.Values, *series.Value)
		}
		for _, value := range series.Values {
			samples = append(samples, value.sample(p.t, series.Metric))
		}
	}
	return samples
}
