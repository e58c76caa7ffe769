//go:build e2e

package e2e

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/userlog/userlog-otel/internal/emulator/cloud"
	"github.com/userlog/userlog-otel/internal/emulator/kobil"
)

// newKOBIL is an installation whose token lasts for two seconds and whose flag says that more follows, always. It has
// three users.
func newKOBIL() *system {
	const secret, concurrency, pageSize = "canary-kobil-8d20ab61f3", 2, 50
	s := newKOBILWith(kobil.Options{
		Clients: map[string]string{"e2e-client": secret}, TokenLifetime: 2 * time.Second, More: kobil.MoreAlwaysTrue,
	})
	s.secrets = []string{secret}
	s.block["client_id"], s.block["client_secret"] = "e2e-client", secret
	s.block["page_size"], s.keys["concurrency"] = pageSize, concurrency
	s.inFlight = concurrency * pageSize
	return s
}

// newKOBILWith is an installation whose credentials are left to the caller.
func newKOBILWith(o kobil.Options) *system {
	installation := kobil.New(o)
	var last atomic.Int64
	s := &system{
		name: "kobil", api: installation, cloud: installation.Server, keys: object{},
		logs: []string{"ada", "grace.hopper@example.com", "o'neil ünï"},
		invent: func(r *rand.Rand, log string, at time.Time) *fact {
			e := kobil.NewEntry(log, last.Add(1+r.Int64N(3)), at)
			e.Details, e.Status, e.Action = noise(r), strconv.Itoa(r.IntN(40)), []string{"13", "22", "35", "99"}[r.IntN(4)]
			attributes := map[string]string{"user.id": log, "user_log.type": e.Action, "kobil.status": e.Status, "user_log.description": e.Details}
			return &fact{
				uid: strconv.FormatInt(e.ID, 10), body: string(e.JSON()), service: "kobil", log: log,
				at: at.UTC().Truncate(time.Second), event: "kobil." + e.Action, attributes: attributes,
			}
		},
		publish: func(log string, facts ...*fact) error { return installation.Publish(log, bodies(facts)...) },
		vanish:  func(log string, f *fact) { installation.Remove(log, f.uid) },
		first:   func(r cloud.Request) bool { return fmt.Sprint(r.Query["offset"]) == "[0]" },
	}
	installation.AddUsers(s.logs...)
	s.block = object{"product": "ssms", "users": s.logs}
	if len(o.Clients) > 0 {
		s.tokenPath = "/auth/realms/master/protocol/openid-connect/token"
	}
	return s
}
