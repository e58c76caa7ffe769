package userlogreceiver

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"

	"github.com/userlog/userlog-otel/config"
	emulator "github.com/userlog/userlog-otel/internal/emulator/auth0"
)

// wholeTenant is a receiver of the log of a tenant.
func wholeTenant(t *testing.T, url string, more keys) *rig {
	block := keys{"endpoint": url, "token": canary, "tenant": true}
	for key, value := range more {
		block[key] = value
	}
	conf := confmap.NewFromStringMap(map[string]any{"collection_interval": "20ms", "auth0": block})
	cfg := NewFactory().CreateDefaultConfig()
	require.NoError(t, conf.Unmarshal(cfg))
	require.NoError(t, confmap.Validate(cfg))
	return start(t, cfg.(*config.Config), componenttest.NewNopHost())
}

func TestOfATenantWhatIsFilteredIsCounted(t *testing.T) {
	tenant, url := serve(t, emulator.Options{})
	for _, id := range []string{"900a", "900b", "900c"} {
		require.NoError(t, tenant.Publish("", entryOf(id, time.Now().Add(-time.Minute))))
	}
	require.NoError(t, tenant.Publish(user, entryOf("900d", time.Now().Add(-time.Minute))))
	r := wholeTenant(t, url, keys{"types": map[string]any{"exclude": []any{"fp", "fpp"}, "include": []any{"s"}}, "users": []any{"nobody"}})
	r.eventually(func() bool { return sum(t, r.telemetry, "entries.filtered") >= 4 }, "all are filtered")
	r.more(3, tenant)
	assert.InDelta(t, 4, sum(t, r.telemetry, "entries.filtered"), 0, "each once")
	assert.InDelta(t, 0, sum(t, r.telemetry, "entries.read"), 0)
	assert.Zero(t, r.sink.LogRecordCount())
	lines := r.logs.FilterMessageSnippet("are they misspelt").All()
	require.Len(t, lines, 1)
	assert.Equal(t, []any{"fpp"}, lines[0].ContextMap()["types"], "of the types that are named the one that is not known")
	for _, request := range tenant.Requests() {
		assert.Equal(t, "/api/v2/logs", request.Path, "no user's log is asked for")
	}
}
