//go:build e2e

package e2e

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"time"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
	"github.com/userlog/userlog-otel/internal/emulator/cloud"
)

// newTenant is a tenant whose own log is read. Ids are made of the dates, so that what appears late does so below others:
// that is what the overlap is for, which the receivers in a world have.
func newTenant() *system { return newTenantAt(time.Now) }

// newTenantAt is a tenant with a clock of its own.
func newTenantAt(now func() time.Time) *system {
	const secret, pageSize = "canary-tenant-90d2c1e4aa", 50
	tenant := auth0.New(auth0.Options{Now: now, Clients: map[string]string{"e2e-tenant": secret}, TokenLifetime: 2 * time.Second})
	s := newAuth0Of(tenant, "")
	users := []string{"auth0|63d1c0ffee01", "", "samlp|acme|o'neil/ünï?#%"}
	var last atomic.Int64
	invent := s.invent
	s.id = "tenant"
	s.secrets = []string{secret}
	s.block = object{"tenant": true, "client_id": "e2e-tenant", "client_secret": secret, "page_size": pageSize}
	s.inFlight = pageSize
	s.invent = func(r *rand.Rand, log string, at time.Time) *fact {
		f := invent(r, users[r.IntN(len(users))], at)
		id := "900" + strings.Replace(f.at.Format("20060102150405.000"), ".", "", 1) + fmt.Sprintf("%036d", last.Add(1))
		f.body = strings.ReplaceAll(f.body, f.uid, id)
		f.uid, f.log = id, log
		return f
	}
	s.first = func(r cloud.Request) bool { return r.Path == "/api/v2/logs" }
	return s
}
