package userlogreceiver

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"

	"github.com/userlog/userlog-otel/config"
	emulator "github.com/userlog/userlog-otel/internal/emulator/auth0"
)

// discovering is a receiver of users that a search finds.
func discovering(t *testing.T, url string, discover map[string]any) *rig {
	conf := confmap.NewFromStringMap(map[string]any{
		"collection_interval": "20ms",
		"auth0":               map[string]any{"endpoint": url, "token": canary, "discover": discover},
	})
	cfg := NewFactory().CreateDefaultConfig()
	require.NoError(t, conf.Unmarshal(cfg))
	require.NoError(t, confmap.Validate(cfg))
	return start(t, cfg.(*config.Config), componenttest.NewNopHost())
}

func TestUsersAreFoundAddedAndDroppedWithoutARestart(t *testing.T) {
	tenant, url := serve(t, emulator.Options{})
	tenant.AddUser(
		emulator.User{ID: "auth0|staff1", Connection: "staff"}, emulator.User{ID: "auth0|staff2", Connection: "staff"},
		emulator.User{ID: "auth0|guest", Connection: "guests"},
	)
	for i, user := range []string{"auth0|staff1", "auth0|staff2", "auth0|guest"} {
		require.NoError(t, tenant.Publish(user, entryOf("900"+string(rune('a'+i)), time.Now().Add(-time.Minute))))
	}
	r := discovering(t, url, map[string]any{"connection": "staff", "interval": "30ms"})
	r.eventually(func() bool { return r.sink.LogRecordCount() == 2 }, "those of the connection are read")

	tenant.AddUser(emulator.User{ID: "auth0|staff3", Connection: "staff"})
	require.NoError(t, tenant.Publish("auth0|staff3", entryOf("900x", time.Now().Add(-time.Minute))))
	r.eventually(func() bool { return r.sink.LogRecordCount() == 3 }, "a new one, too")

	tenant.SetUsersStatus(http.StatusServiceUnavailable)
	r.eventually(func() bool { return r.logs.FilterMessageSnippet("the list of users is not complete").Len() == 1 }, "the failure is told")
	require.NoError(t, tenant.Publish("auth0|staff1", entryOf("900y", time.Now())))
	r.eventually(func() bool { return r.sink.LogRecordCount() == 4 }, "a listing that fails drops nobody")

	tenant.SetUserStatus("auth0|staff2", http.StatusNotFound) // is listed no more
	tenant.SetUsersStatus(0)
	asked := func() (n int) {
		for _, request := range tenant.Requests() {
			if request.Path == "/api/v2/users/auth0%7Cstaff2/logs" {
				n++
			}
		}
		return n
	}
	r.eventually(func() bool {
		before := asked()
		r.more(20, tenant)
		return asked() == before
	}, "one who is gone from the list is read no more")
	assert.ElementsMatch(t, []string{"900a", "900b", "900x", "900y"}, r.uids(), "and nobody else is")
}
