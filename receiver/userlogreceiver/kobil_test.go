package userlogreceiver

import (
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/storagetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"

	"github.com/userlog/userlog-otel/config"
	"github.com/userlog/userlog-otel/internal/emulator/kobil"
)

// ofKOBIL reads a configuration of one user of an installation, with more keys in its block.
func ofKOBIL(t *testing.T, address string, more keys) *config.Config {
	t.Helper()
	block := keys{"product": "ssms", "endpoint": address, "users": []any{"ada"}, "token": canary}
	if more["client_id"] != nil {
		delete(block, "token")
	}
	maps.Copy(block, more)
	return of(t, keys{"kobil": block})
}

func TestKOBILAsksForThePathOfItsProduct(t *testing.T) {
	for name, test := range map[string]struct {
		options kobil.Options
		keys    keys
		want    string
	}{
		"SSMS":             {kobil.Options{}, nil, "/digitanium/v4/user/ada/logs"},
		"SSMS of a tenant": {kobil.Options{}, keys{"tenant_id": "acme"}, "/digitanium/v4/user/ada/logs"},
		"SHIFT": {
			kobil.Options{Product: kobil.SHIFT, TenantID: "acme"},
			keys{"product": "shift", "tenant_id": "acme"},
			"/auth/realms/acme/v3_user/ada/logs",
		},
		"another path": {
			kobil.Options{TenantID: "acme", Path: "/v5/{tenantId}/of/{userName}"},
			keys{"tenant_id": "acme", "path": "/v5/{tenantId}/of/{userName}"},
			"/v5/acme/of/ada",
		},
		"a name that is encoded": {kobil.Options{}, keys{"users": []any{"ada/b c"}}, "/digitanium/v4/user/ada%2Fb%20c/logs"},
	} {
		t.Run(name, func(t *testing.T) {
			api := kobil.New(test.options)
			user := "ada"
			if users, ok := test.keys["users"].([]any); ok {
				user = users[0].(string)
			}
			require.NoError(t, api.Publish(user, kobil.NewEntry(user, 7, time.Now()).JSON()))
			seen, address := recorded(t, api)
			r := start(t, ofKOBIL(t, address, test.keys), componenttest.NewNopHost())
			r.only()
			assert.Len(t, seen.of(test.want), len(seen.of("")), "no other path is asked for")
		})
	}
}

func TestKOBILUserWhoIsGoneLeavesTheOthers(t *testing.T) {
	api := kobil.New(kobil.Options{Tokens: []string{canary}})
	api.AddUsers("ada")
	api.SetUserStatus("gone", http.StatusNotFound)
	_, address := recorded(t, api)
	r := start(t, ofKOBIL(t, address, keys{"users": []any{"gone", "ada"}}), componenttest.NewNopHost())
	r.eventually(func() bool { _, texts := r.host.statuses(); return len(texts) > 0 }, "it is told")
	require.NoError(t, api.Publish("ada", kobil.NewEntry("ada", 7, time.Now()).JSON()))
	_, record := r.only()
	id, _ := record.Attributes().Get("user.id")
	assert.Equal(t, "ada", id.Str())
	_, texts := r.host.statuses()
	assert.Contains(t, texts[0], `user "gone"`)
	assert.NotContains(t, strings.Join(texts, "\n"), canary)
}

// A cursor answers to a product, and to a tenant where its API has several under one name.
func TestKOBILCursorsAreThoseOfTheirLog(t *testing.T) {
	shift := func(tenant string) keys { return keys{"product": "shift", "tenant_id": tenant} }
	for name, test := range map[string]struct {
		before, after keys
		again         bool // the log is read from its start
	}{
		"nothing changed":                {nil, nil, false},
		"SSMS with its tenant named":     {nil, keys{"tenant_id": "acme"}, false},
		"SSMS with another path":         {nil, keys{"path": "/digitanium/v4/user/{userName}/logs"}, false},
		"SHIFT instead of SSMS":          {keys{"tenant_id": "acme"}, shift("acme"), true},
		"SHIFT as before":                {shift("acme"), shift("acme"), false},
		"SHIFT with another tenant's id": {shift("other"), shift("acme"), true},
	} {
		t.Run(name, func(t *testing.T) {
			extensions := storagetest.NewStorageHost().WithFileBackedStorageExtension("cursors", t.TempDir())
			// Two installations behind one address, one of each product, that know every tenant.
			mux := http.NewServeMux()
			all := map[string]*kobil.Installation{
				"/digitanium/":        kobil.New(kobil.Options{}),
				"/auth/realms/acme/":  kobil.New(kobil.Options{Product: kobil.SHIFT, TenantID: "acme"}),
				"/auth/realms/other/": kobil.New(kobil.Options{Product: kobil.SHIFT, TenantID: "other"}),
			}
			for path, api := range all {
				mux.Handle(path, api)
			}
			publish := func(id int64) {
				for _, api := range all {
					require.NoError(t, api.Publish("ada", kobil.NewEntry("ada", id, time.Now()).JSON()))
				}
			}
			_, address := recorded(t, mux)
			stored := func(more keys) *rig {
				cfg := ofKOBIL(t, address, more)
				id := storagetest.NewStorageID("cursors")
				cfg.Storage = &id
				return start(t, cfg, extensions)
			}
			publish(7)
			first := stored(test.before)
			first.only()
			first.stop()

			publish(8)
			want := 1
			if test.again {
				want = 2
			}
			second := stored(test.after)
			second.eventually(func() bool { return second.sink.LogRecordCount() >= want }, "what is new arrives")
			second.stop()
			assert.Equal(t, want, second.sink.LogRecordCount())
			assert.Equal(t, test.again, second.logs.FilterMessageSnippet("belongs to another endpoint").Len() == 1)
		})
	}
}
