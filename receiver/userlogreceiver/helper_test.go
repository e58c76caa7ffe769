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

// configured reads a configuration as the Collector does. Its keys are those under the receiver.
func configured(t *testing.T, endpoint string, keys map[string]any) *config.Config {
	conf := confmap.NewFromStringMap(map[string]any{
		"collection_interval": "20ms",
		"retry_on_failure":    map[string]any{"initial_interval": "5ms", "max_interval": "20ms"},
		"auth0":               map[string]any{"endpoint": endpoint, "token": canary, "users": []any{user}},
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
	r := &rig{T: t, telemetry: componenttest.NewTelemetry(), sink: new(consumertest.LogsSink), host: &host{Host: extensions}}
	core, logs := zapobserver.New(zap.DebugLevel)
	set := metadatatest.NewSettings(r.telemetry)
	set.Logger, r.logs = zap.New(core), logs
	var err error
	r.receiver, err = NewFactory().CreateLogs(t.Context(), set, cfg, r.sink)
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

var _ consumer.Logs = (*consumertest.LogsSink)(nil)
