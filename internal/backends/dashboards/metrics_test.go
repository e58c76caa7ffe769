package dashboards_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/backends/rig"
	"github.com/userlog/userlog-otel/internal/emulator/canvas"
	canvasday "github.com/userlog/userlog-otel/internal/emulator/canvas/day"
)

const (
	// scrapes are enough for rates; a picture needs more.
	scrapes, scrapesForPicture = 12, 60
	// scrapeLimit is how long they may take: they are a second apart.
	scrapeLimit = 3 * time.Minute
	// scrapeInterval is Prometheus's, in the rig.
	scrapeInterval = time.Second
	// refused is the id of an event of Canvas whose record the sink refuses.
	refused = "00000000-0000-4000-8000-00000000bad0"
)

// station is a collector between clouds and a sink, with Prometheus watching it.
type station struct {
	clouds     *rig.Clouds
	prometheus *rig.Prometheus
	// port is where the collector's metrics are.
	port   string
	config string
}

func newStation(t *testing.T) *station {
	t.Helper()
	s := &station{clouds: rig.NewClouds(t, seed, users), port: rig.FreePort(t)}
	s.prometheus = rig.NewPrometheus(t, "127.0.0.1:"+s.port)
	var err error
	s.config, err = filepath.Abs("testdata/health.yaml")
	require.NoError(t, err)
	return s
}

// run starts the collector on what happened in the clouds so far, and stops it after enough scrapes, before each of which
// there is a little more. It returns when there were enough: what Prometheus misses afterwards is gone at once.
func (s *station) run(t *testing.T, enough int) time.Time {
	t.Helper()
	env := append(s.clouds.Env, "METRICS_PORT="+s.port, "SINK="+sink(t))
	collector := rig.Start(t, t.TempDir(), env, s.config)
	first, seen := s.scraped(), 0
	collector.Until("Prometheus has read the metrics often", scrapeLimit, func() bool {
		if n := s.scraped() - first; n > seen {
			s.clouds.Past(t, time.Now().Add(-2*time.Second), time.Now().Add(-time.Second), 2)
			if seen == 0 { // not before the first scrape: a counter whose first value is 1 has not grown
				s.clouds.Canvas.Publish(canvas.Event{ID: refused, At: time.Now(), Type: "login", User: s.clouds.CanvasDay.Users()[0], Account: canvasday.Account})
			}
			seen = n
		}
		return seen >= enough
	})
	end := time.Now()
	collector.Stop()
	return end
}

// scraped is how often Prometheus could read the collector's metrics.
func (s *station) scraped() int {
	for _, sample := range s.prometheus.Instant(`sum_over_time(up[10m])`, time.Now()) {
		return int(sample.Value)
	}
	return 0
}

// sink takes all records but that of the refused event. It returns its URL.
func sink(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || bytes.Contains(body, []byte(refused)) {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/x-protobuf") // of an empty answer, which says that all is well
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// stumble lets some of the requests to Auth0 fail.
func (s *station) stumble() {
	s.clouds.Auth0.Intercept(func(w http.ResponseWriter, _ *http.Request) bool {
		switch len(s.clouds.Auth0.Requests()) % 6 {
		case 2:
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
		case 5:
			w.WriteHeader(http.StatusServiceUnavailable)
		default:
			return false
		}
		return true
	})
}

func TestDashboardOfMetrics(t *testing.T) {
	t.Parallel()
	enough := scrapes
	if os.Getenv(answersVariable) != "" {
		enough = scrapesForPicture
	}
	s, from := newStation(t), time.Now()
	s.clouds.Past(t, from.Add(-time.Hour), from.Add(-time.Minute), 100)
	s.stumble()
	to := s.run(t, enough)

	v := view{source: s.prometheus, from: from, to: to, interval: scrapeInterval * time.Duration(max(1, enough/30))}
	askAll(t, "receiver-health", v, nil)
	d := load(t, "receiver-health")
	assert.InDelta(t, 1+users+1, v.number(t, d, "Logs read"), 0, "a tenant, the users of KOBIL, an account")
	assert.InDelta(t, 1, v.number(t, d, "Refused for good"), 0.3, "Prometheus extrapolates")
	for _, title := range []string{"Gaps", "Unreadable answers", "Unusable cursors"} {
		assert.Zero(t, v.number(t, d, title), title)
	}
	var classes []string
	for _, series := range grouped(v.only(t, d, "timeseries", "Requests")) {
		classes = append(classes, series.Labels["status_class"])
	}
	assert.ElementsMatch(t, []string{"2xx", "4xx", "5xx"}, classes)
}
