package userlogreceiver

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.uber.org/zap"
	zapobserver "go.uber.org/zap/zaptest/observer"

	"github.com/userlog/userlog-otel/config"
	emulator "github.com/userlog/userlog-otel/internal/emulator/auth0"
	"github.com/userlog/userlog-otel/receiver/userlogreceiver/internal/metadatatest"
)

const (
	user   = "auth0|65f1c0ffee65f1c0ffee65f1"
	canary = "canary-7c1f0e5b"
)

// serve starts a tenant on loopback.
func serve(t *testing.T, options emulator.Options) (*emulator.Tenant, string) {
	tenant := emulator.New(options)
	server := httptest.NewServer(tenant)
	t.Cleanup(server.Close)
	return tenant, server.URL
}

// entryOf makes an entry as the tenant would send it.
func entryOf(id string, date time.Time) json.RawMessage {
	return json.RawMessage(fmt.Sprintf(`{"date":%q,"type":"s","log_id":%q,"user_id":%q}`,
		date.UTC().Format("2006-01-02T15:04:05.000Z"), id, user))
}

// configured reads a configuration as the Collector does. Its keys are those under the receiver; a token is among them
// unless the keys hold other credentials.
func configured(t *testing.T, endpoint string, keys map[string]any) *config.Config {
	auth0 := map[string]any{"endpoint": endpoint, "token": canary, "users": []any{user}}
	own, _ := keys["auth0"].(map[string]any)
	if own["client_id"] != nil || own["auth"] != nil {
		delete(auth0, "token")
	}
	conf := confmap.NewFromStringMap(map[string]any{
		"collection_interval": "20ms",
		"retry_on_failure":    map[string]any{"initial_interval": "5ms", "max_interval": "20ms"},
		"auth0":               auth0,
	})
	require.NoError(t, conf.Merge(confmap.NewFromStringMap(keys)))
	cfg := NewFactory().CreateDefaultConfig()
	require.NoError(t, conf.Unmarshal(cfg))
	require.NoError(t, confmap.Validate(cfg))
	return cfg.(*config.Config)
}

// rig is a running receiver, and what it shows of itself.
type rig struct {
	*testing.T
	receiver  receiver.Logs
	telemetry *componenttest.Telemetry
	sink      *consumertest.LogsSink
	logs      *zapobserver.ObservedLogs
	host      *host
}

// host keeps the status events.
type host struct {
	component.Host
	mu     sync.Mutex
	events []*componentstatus.Event
}

func (h *host) Report(e *componentstatus.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events = append(h.events, e)
}

// statuses are the statuses reported so far, and the texts of their errors.
func (h *host) statuses() (statuses []componentstatus.Status, texts []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range h.events {
		statuses = append(statuses, e.Status())
		if e.Err() != nil {
			texts = append(texts, e.Err().Error())
		}
	}
	return statuses, texts
}

func start(t *testing.T, cfg *config.Config, extensions component.Host) *rig {
	return startInto(t, cfg, extensions, nil)
}

// startInto starts a receiver whose records go to next, or, if that is nil, to the rig's sink.
func startInto(t *testing.T, cfg *config.Config, extensions component.Host, next consumer.Logs) *rig {
	return startOf(t, NewFactory(), cfg, extensions, next)
}

// startOf starts a receiver of a factory, as startInto does.
func startOf(t *testing.T, factory receiver.Factory, cfg *config.Config, extensions component.Host, next consumer.Logs) *rig {
	return startAs(t, "otelcol-test", factory, cfg, extensions, next)
}

// startAs starts a receiver in a collector of a name, which its requests tell, as startInto does.
func startAs(t *testing.T, name string, factory receiver.Factory, cfg *config.Config, extensions component.Host, next consumer.Logs) *rig {
	r := &rig{T: t, telemetry: componenttest.NewTelemetry(), sink: new(consumertest.LogsSink), host: &host{Host: extensions}}
	core, logs := zapobserver.New(zap.DebugLevel)
	set := metadatatest.NewSettings(r.telemetry)
	set.Logger, r.logs = zap.New(core), logs
	set.BuildInfo = component.BuildInfo{Command: name, Version: "1.2.3"}
	if next == nil {
		next = r.sink
	}
	var err error
	r.receiver, err = factory.CreateLogs(t.Context(), set, cfg, next)
	require.NoError(t, err)
	require.NoError(t, r.receiver.Start(t.Context(), r.host))
	t.Cleanup(r.stop)
	return r
}

// stop may be called again.
func (r *rig) stop() {
	began := time.Now()
	require.NoError(r, r.receiver.Shutdown(context.WithoutCancel(r.Context())))
	require.Less(r, time.Since(began), 3*time.Second)
}

// uids are the ids of the records that arrived, in order.
func (r *rig) uids() (ids []string) {
	for _, logs := range r.sink.AllLogs() {
		records := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
		for i := range records.Len() {
			id, _ := records.At(i).Attributes().Get("log.record.uid")
			ids = append(ids, id.Str())
		}
	}
	return ids
}

func (r *rig) eventually(condition func() bool, what string) {
	r.Helper()
	require.Eventually(r, condition, 10*time.Second, 5*time.Millisecond, what)
}

// more waits until a tenant has served so many requests more.
func (r *rig) more(n int, tenant *emulator.Tenant) {
	r.Helper()
	before := len(tenant.Requests())
	r.eventually(func() bool { return len(tenant.Requests()) >= before+n }, "several reads more")
}

// sum is the value of a counter that the receiver has, over all attributes.
func sum(t *testing.T, telemetry *componenttest.Telemetry, name string) (total float64) {
	t.Helper()
	metric, err := telemetry.GetMetric("otelcol_receiver.user_log." + name)
	require.NoError(t, err, name)
	switch data := metric.Data.(type) {
	case metricdata.Sum[int64]:
		for _, point := range data.DataPoints {
			total += float64(point.Value)
		}
	case metricdata.Sum[float64]:
		for _, point := range data.DataPoints {
			total += point.Value
		}
	default:
		require.Fail(t, "no counter", name)
	}
	return total
}
