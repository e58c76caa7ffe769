//go:build e2e

package e2e

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
)

func TestOneTokenLastsAndAnIdleUserCostsOneRequestACycle(t *testing.T) {
	t.Parallel()
	const (
		user     = "auth0|63d1c0ffee01"
		interval = 100 * time.Millisecond
	)
	r := newRig(t, auth0.Options{
		Clients:  map[string]string{"e2e-client": "e2e-secret"},
		Audience: "{endpoint}/api/v2/",
	})
	r.users(user)
	r.auth0["client_id"], r.auth0["client_secret"] = "e2e-client", "e2e-secret"
	delete(r.auth0, "token")
	r.receiver["collection_interval"] = interval.String()
	r.publish(user, newEntries(user, 250, time.Now().Add(-5*time.Hour), time.Minute)...)

	c := r.start()
	c.until("everything arrives", waitLimit, r.complete)
	began := len(r.logRequests())
	r.cycles(c, 30, user)
	c.stopWell()

	requests := r.logRequests()[began:]
	for i, request := range requests {
		assert.Equal(t, "0", request.Query.Get("page"), "request %d of an idle user is no new cycle", i)
		if i > 0 {
			assert.Greater(t, request.Time.Sub(requests[i-1].Time), interval*9/10, "pause before request %d", i)
		}
	}
	span := requests[len(requests)-1].Time.Sub(requests[0].Time)
	t.Logf("%d requests for the log in %v at an interval of %v, %d token requests",
		len(requests), span.Round(time.Millisecond), interval, r.tenant.TokenRequests())
	require.Equal(t, 1, r.tenant.TokenRequests())
	r.settle(0)
}

// TestRefusedCredentialsAreNotTriedByEveryUser counts the requests of many users whose token is not accepted: what
// refuses one refuses all, and each attempt counts against the tenant.
func TestRefusedCredentialsAreNotTriedByEveryUser(t *testing.T) {
	t.Parallel()
	const concurrency = 4
	for name, refuse := range map[string]func(r *rig){
		"by the API": func(r *rig) { r.auth0["token"] = "not-the-right-one" },
		"by the token endpoint": func(r *rig) {
			delete(r.auth0, "token")
			r.auth0["client_id"], r.auth0["client_secret"] = "e2e-client", "not-the-right-one"
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, auth0.Options{Clients: map[string]string{"e2e-client": "e2e-secret"}})
			r.users(many(50)...)
			r.receiver["concurrency"] = concurrency
			refuse(r)
			c := r.start()
			c.until("a warning", waitLimit, func() bool { return len(c.stderr.warnings("all logs of the source wait")) > 0 })
			require.Never(t, func() bool { return len(r.tenant.Requests()) > concurrency }, 2*time.Second, 10*pollPause,
				"more requests than can be under way at once")
			t.Logf("%d requests of 50 users; %s", len(r.tenant.Requests()), c.stderr.warnings("all logs")[0].Message)
			assert.Len(t, c.stderr.warnings(), 1, "warnings")
			t.Logf("SIGTERM to exit: %v", c.stopWell().Round(time.Millisecond))
		})
	}
}
