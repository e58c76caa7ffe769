//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
	"github.com/userlog/userlog-otel/internal/emulator/cloud"
)

// newAuth0 is a tenant whose token lasts for two seconds, with three users.
func newAuth0() *system {
	const secret, concurrency, pageSize = "canary-auth0-5b1f0c77d2", 2, 50
	s := newAuth0With(auth0.Options{Clients: map[string]string{"e2e-client": secret}, TokenLifetime: 2 * time.Second})
	s.secrets = []string{secret}
	s.block["client_id"], s.block["client_secret"] = "e2e-client", secret
	s.block["page_size"], s.keys["concurrency"] = pageSize, concurrency
	s.inFlight = concurrency * pageSize
	return s
}

// newAuth0With is a tenant whose credentials are left to the caller.
func newAuth0With(o auth0.Options) *system {
	return newAuth0Of(auth0.New(o), "auth0|63d1c0ffee01", "google-oauth2|1234567890", "samlp|acme|o'neil/ünï?#%")
}

// newAuth0Of are some users of a tenant.
func newAuth0Of(tenant *auth0.Tenant, users ...string) *system {
	var last atomic.Int64
	s := &system{
		name: "auth0", api: tenant, cloud: tenant.Server, keys: object{}, logs: users,
		invent: func(r *rand.Rand, log string, at time.Time) *fact {
			id := fmt.Sprintf("900%029d%08d", last.Add(1), r.IntN(1e8))
			ip, kind := fmt.Sprintf("203.0.113.%d", r.IntN(256)), []string{"s", "fp", "fu", "seacft", "new_code"}[r.IntN(5)]
			date, description := at.UTC().Format(dateFormat), noise(r)
			// Its bytes hold what a reader that parses and writes again would change.
			body := fmt.Sprintf(`{"date":%q, "type":%q,"log_id":%q,"_id":%[3]q,"user_id":%s,"ip":%q,"description":%s,`+
				`"details":{"n":1.0,"big":9007199254740993,"text":"caf\u00e9 </a> é"}}`, date, kind, id, encoded(log), ip, encoded(description))
			return &fact{
				uid: id, body: body, service: "auth0", log: log, at: at.UTC().Truncate(time.Millisecond), event: "auth0." + kind,
				attributes: map[string]string{
					"user.id": log, "user_log.type": kind, "client.address": ip, "user_log.description": description,
				},
			}
		},
		publish: func(log string, facts ...*fact) error { return tenant.Publish(log, bodies(facts)...) },
		vanish:  func(log string, f *fact) { tenant.Remove(log, f.uid) },
		first:   func(r cloud.Request) bool { return r.Query.Get("page") == "0" },
	}
	s.block = object{"users": s.logs}
	return s
}

// encoded is a text as JSON.
func encoded(text string) string {
	encoded, err := json.Marshal(text)
	if err != nil {
		panic(err) // of a text: cannot fail
	}
	return string(encoded)
}

func bodies(facts []*fact) []json.RawMessage {
	raws := make([]json.RawMessage, len(facts))
	for i, f := range facts {
		raws[i] = json.RawMessage(f.body)
	}
	return raws
}
