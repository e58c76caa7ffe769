package userlogreceiver

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/storagetest"
	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"

	emulator "github.com/userlog/userlog-otel/internal/emulator/auth0"
)

// answered are the requests to a tenant that are not under way any more.
func answered(tenant *emulator.Tenant) []emulator.Request {
	return slices.DeleteFunc(tenant.Requests(), func(r emulator.Request) bool { return r.Status == 0 })
}

// Two receivers read a tenant as fast as they can. In no window do they spend what is left to its other clients.
func TestReceiversOfOneTenantLeaveItsReserveTogether(t *testing.T) {
	t.Parallel()
	const limit, kept, windows = 10, 4, 3
	tenant, address := serve(t, emulator.Options{RateLimit: emulator.RateLimit{Limit: limit}})
	factory := NewFactory()
	readers := map[string][]any{"a": {"auth0|a1", "auth0|a2", "auth0|a3", "auth0|a4"}, "b": {"auth0|b1", "auth0|b2", "auth0|b3", "auth0|b4"}}
	var rigs []*rig
	for token, users := range readers { // the limit is the tenant's, whatever the token
		rigs = append(rigs, startOf(t, factory, configured(t, address, keys{
			"collection_interval": "1ms",
			"rate_limit":          keys{"reserve": float64(kept) / limit},
			"auth0":               keys{"token": canary + token, "users": users},
		}), componenttest.NewNopHost(), nil))
	}
	rigs[0].eventually(func() bool { return len(answered(tenant)) > windows*(limit-kept) }, "several windows are used")
	users, least := map[string]int{}, limit
	for _, request := range answered(tenant) {
		assert.Equal(t, http.StatusOK, request.Status)
		users[request.User]++
		least = min(least, request.Remaining)
	}
	assert.Equal(t, kept, least, "the reserve is left, and no more")
	assert.Len(t, users, 8, "every user of both has a turn: %v", users)
	for _, r := range rigs {
		assert.Positive(t, sum(t, r.telemetry, "throttled.time"), "each tells its own wait")
	}
}

// Who was asked to wait is whom the API counts: all of a tenant with Auth0 and KOBIL, a token with Canvas.
func TestReceiversThatTheAPICountsTogetherWaitTogether(t *testing.T) {
	t.Parallel()
	auth := keys{"authenticator": "oauth2client/acme"}
	for name, c := range map[string]struct {
		first, second keys // without the endpoint
		together      bool
	}{
		"Auth0": {
			first:    keys{"auth0": keys{"token": canary, "users": []any{"auth0|a"}}},
			second:   keys{"auth0": keys{"token": canary + "2", "users": []any{"auth0|b"}}},
			together: true,
		},
		"KOBIL": {
			first:    keys{"kobil": keys{"product": "ssms", "token": canary, "users": []any{"ada"}}},
			second:   keys{"kobil": keys{"product": "ssms", "token": canary + "2", "users": []any{"bob"}}},
			together: true,
		},
		"Canvas with one token": {
			first:    keys{"canvas": keys{"token": canary, "users": []any{3}}},
			second:   keys{"canvas": keys{"token": canary, "accounts": []any{1}}},
			together: true,
		},
		"Canvas with two tokens": {
			first:    keys{"canvas": keys{"token": canary, "users": []any{3}}},
			second:   keys{"canvas": keys{"token": canary + "2", "users": []any{3}}},
			together: false,
		},
		"Canvas with one extension": {
			first:    keys{"canvas": keys{"auth": auth, "users": []any{3}}},
			second:   keys{"canvas": keys{"auth": auth, "users": []any{4}}},
			together: true,
		},
		"Canvas with an extension, and a token that is called so": {
			first:    keys{"canvas": keys{"auth": auth, "users": []any{3}}},
			second:   keys{"canvas": keys{"token": "oauth2client/acme", "users": []any{3}}},
			together: false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			var asked atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				asked.Add(1)
				w.Header().Set("Retry-After", "600")
				w.WriteHeader(http.StatusTooManyRequests)
			}))
			t.Cleanup(server.Close)
			factory := NewFactory()
			waiting := func(system keys) *rig {
				more := keys{}
				for block, own := range system {
					more[block] = keys{"endpoint": server.URL}
					for key, value := range own.(keys) {
						more[block].(keys)[key] = value
					}
				}
				id := component.MustNewIDWithName("oauth2client", "acme")
				host := storagetest.NewStorageHost().WithExtension(id, &authenticator{})
				r := startOf(t, factory, of(t, more), host, nil)
				r.eventually(func() bool { return r.logs.FilterMessageSnippet("the API asks to wait").Len() == 1 }, "it waits, and tells so")
				return r
			}
			first := waiting(c.first)
			assert.EqualValues(t, 1, asked.Load())
			second := waiting(c.second)
			want := int32(2)
			if c.together {
				want = 1
			}
			assert.Equal(t, want, asked.Load())

			first.stop()
			third := waiting(c.second)
			assert.Equal(t, want, asked.Load(), "the second one still knows of the pause")
			second.stop()
			third.stop()
			waiting(c.second)
			assert.Equal(t, want+1, asked.Load(), "nobody was left who knew")
		})
	}
}

// A receiver that ends leaves its neighbour of the same tenant reading.
func TestReceiverThatEndsLeavesItsNeighbourReading(t *testing.T) {
	t.Parallel()
	tenant, address := serve(t, emulator.Options{RateLimit: emulator.RateLimit{Limit: 10}})
	factory := NewFactory()
	var rigs []*rig
	for range 2 {
		rigs = append(rigs, startOf(t, factory, configured(t, address, keys{"collection_interval": "1ms"}), componenttest.NewNopHost(), nil))
	}
	rigs[0].more(15, tenant)
	rigs[0].stop()
	rigs[1].more(15, tenant)
	for _, request := range answered(tenant) {
		assert.GreaterOrEqual(t, request.Remaining, 2)
	}
}
