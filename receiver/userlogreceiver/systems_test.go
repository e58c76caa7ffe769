package userlogreceiver

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/config"
	"github.com/userlog/userlog-otel/internal/emulator/canvas"
	"github.com/userlog/userlog-otel/internal/emulator/kobil"
	"github.com/userlog/userlog-otel/receiver/internal/health"
	"github.com/userlog/userlog-otel/receiver/internal/rest"
	"github.com/userlog/userlog-otel/receiver/userlogreceiver/internal/metadata"
	"github.com/userlog/userlog-otel/receiver/userlogreceiver/internal/metadatatest"
)

// of reads a configuration as the Collector does.
func of(t *testing.T, keys keys) *config.Config {
	t.Helper()
	cfg := NewFactory().CreateDefaultConfig()
	conf := confmap.NewFromStringMap(map[string]any{"collection_interval": "20ms"})
	require.NoError(t, conf.Merge(confmap.NewFromStringMap(keys)))
	require.NoError(t, conf.Unmarshal(cfg))
	require.NoError(t, confmap.Validate(cfg))
	return cfg.(*config.Config)
}

// only is the one record that arrived, and its resource.
func (r *rig) only() (map[string]any, plog.LogRecord) {
	r.Helper()
	r.eventually(func() bool { return r.sink.LogRecordCount() > 0 }, "a record arrives")
	require.Equal(r, 1, r.sink.LogRecordCount())
	resource := r.sink.AllLogs()[0].ResourceLogs().At(0)
	return resource.Resource().Attributes().AsRaw(), resource.ScopeLogs().At(0).LogRecords().At(0)
}

func TestKOBILOfBothProducts(t *testing.T) {
	for product, instance := range map[kobil.Product]string{kobil.SSMS: "", kobil.SHIFT: "/acme"} {
		t.Run(string(product), func(t *testing.T) {
			api := kobil.New(kobil.Options{Product: product, TenantID: "acme", Clients: map[string]string{"id": canary}})
			server := httptest.NewServer(api)
			t.Cleanup(server.Close)
			require.NoError(t, api.Publish("ada", kobil.NewEntry("ada", 7, time.Now()).JSON()))
			r := start(t, of(t, keys{
				"types": keys{"13": keys{"name": "Device Login", "category": "login", "outcome": "success"}},
				"kobil": keys{
					"product": string(product), "tenant_id": "acme", "endpoint": server.URL, "users": []any{"ada", "gone"},
					"client_id": "id", "client_secret": canary, "token_url": server.URL + "/auth/realms/acme/protocol/openid-connect/token",
				},
			}), componenttest.NewNopHost())
			resource, record := r.only()
			host := strings.TrimPrefix(server.URL, "http://")
			assert.Equal(t, map[string]any{"service.name": "kobil", "service.instance.id": host + instance}, resource)
			assert.Equal(t, "kobil.13", record.EventName())
			assert.Equal(t, metadata.ScopeName, r.sink.AllLogs()[0].ResourceLogs().At(0).ScopeLogs().At(0).Scope().Name())
			name, _ := record.Attributes().Get("user_log.name")
			assert.Equal(t, "Device Login", name.Str())
			r.eventually(func() bool { _, texts := r.host.statuses(); return len(texts) > 0 }, "a user who is gone is told")
			_, texts := r.host.statuses()
			assert.Contains(t, texts[0], `user "gone"`)
			assert.NotContains(t, strings.Join(texts, "\n"), canary)
			assert.Equal(t, 1, api.TokenRequests())
		})
	}
}

func TestCanvasDeliversAnEventOfSeveralLogsOnce(t *testing.T) {
	api := canvas.New(canvas.Options{Tokens: []string{canary}})
	server := httptest.NewServer(api)
	t.Cleanup(server.Close)
	api.AddAccount(1, "Example University")
	api.AddUser(3, "Ada")
	api.AddLogin(5, 3, 1, "ada@example.edu")
	api.Publish(canvas.Event{ID: "e1", At: time.Now(), Type: "login", User: 3, Login: 5, Account: 1})
	cfg := of(t, keys{"canvas": keys{
		"endpoint": server.URL, "token": canary, "users": []any{3}, "accounts": []any{"1"}, "logins": "5",
	}})
	assert.EqualValues(t, 1, cfg.Concurrency)
	cfg.Concurrency = 4 // also where logs are read side by side
	r := start(t, cfg, componenttest.NewNopHost())
	r.eventually(func() bool { return len(api.Requests()) > 20 }, "all logs are read several times")
	resource, record := r.only()
	assert.Equal(t, map[string]any{"service.name": "canvas", "service.instance.id": strings.TrimPrefix(server.URL, "http://")}, resource)
	assert.Equal(t, "canvas.login", record.EventName())
	name, _ := record.Attributes().Get("user.name")
	assert.Equal(t, "ada@example.edu", name.Str())
}

// What a cursor answers to: a tenant that is named later is the same for SSMS, which has it in the host.
func TestIdentitiesOfKOBIL(t *testing.T) {
	identity := func(product, tenant string) string {
		block := keys{"product": product, "endpoint": "https://acme.example.com", "token": "t", "users": []any{"ada"}}
		if tenant != "" {
			block["tenant_id"] = tenant
		}
		set := metadatatest.NewSettings(componenttest.NewTelemetry())
		r, err := newReceiver(set, of(t, keys{"kobil": block}), nil, rest.NewBudgets())
		require.NoError(t, err)
		p, err := r.provider(t.Context(), componenttest.NewNopHost(), newObserver(t.Context(), set, r.telemetry, health.New(set.Logger, nil), nil))
		require.NoError(t, err)
		text, err := json.Marshal(p.identity)
		require.NoError(t, err)
		return string(text)
	}
	assert.Equal(t, identity("ssms", ""), identity("ssms", "acme"))
	assert.NotEqual(t, identity("ssms", "acme"), identity("shift", "acme"))
	assert.NotEqual(t, identity("shift", "other"), identity("shift", "acme"))
}
