//go:build e2e

package e2e

import (
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func metricsURL(host string, port int) string {
	return "http://" + net.JoinHostPort(host, strconv.Itoa(port)) + "/metrics"
}

// freePort is a port that was free a moment ago.
func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// metricsPage is the collector's metrics in the text form of Prometheus.
func (c *collector) metricsPage() string {
	c.t.Helper()
	client := &http.Client{Timeout: 10 * time.Second}
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, c.metricsURL, nil)
	require.NoError(c.t, err)
	resp, err := client.Do(req)
	require.NoError(c.t, err)
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	require.NoError(c.t, err)
	require.Equal(c.t, http.StatusOK, resp.StatusCode)
	return string(page)
}

// metric is the sum over all attributes of a metric whose name begins with otelcol_receiver_user_log_ and then the
// given name, with or without _total; 0 if there is none.
func (c *collector) metric(name string) float64 {
	c.t.Helper()
	sum := 0.0
	for line := range strings.Lines(c.metricsPage()) {
		metric, value, found := strings.Cut(strings.TrimSpace(line), " ")
		if at := strings.LastIndexByte(strings.TrimSpace(line), '}'); at >= 0 {
			metric, value = line[:at], strings.TrimSpace(line[at+1:])
			metric, _, found = strings.Cut(metric, "{")
		}
		if !found || strings.TrimSuffix(metric, "_total") != "otelcol_receiver_user_log_"+name {
			continue
		}
		number, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		require.NoError(c.t, err, line)
		sum += number
	}
	return sum
}
