//go:build e2e

package e2e

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
	"github.com/userlog/userlog-otel/internal/emulator/kobil"
)

// TestMisbehaviourOfTokensIsMendedByAnotherToken lets the systems refuse their tokens in the middle of a walk. A young token
// is replaced after a pause in which nothing of the source is asked for, because what refuses one refuses the next; one that
// was in use for long is replaced at once, which the long form shows.
func TestMisbehaviourOfTokensIsMendedByAnotherToken(t *testing.T) {
	t.Parallel()
	const secret = "canary-tokens-41d793ac"
	clients := map[string]string{"e2e-client": secret}
	w := newWorld(t, newAuth0With(auth0.Options{Clients: clients}), newKOBILWith(kobil.Options{Clients: clients}), newCanvas())
	w.secrets.add(secret)
	revoke := map[string]func(){}
	for _, name := range withTokens {
		s := w.system(name)
		s.block["client_id"], s.block["client_secret"], s.block["page_size"] = "e2e-client", secret, 20
		revoke[name] = s.api.(interface{ RevokeTokens() }).RevokeTokens
	}
	w.backlog(300)
	revoked := map[string]*atomic.Int64{}
	for _, name := range withTokens {
		revoked[name] = new(atomic.Int64)
		w.system(name).spoil(w.system(name).lastPart(), revokes(2, revoke[name], revoked[name]))
	}
	c := w.start()
	for _, name := range withTokens {
		s := w.system(name)
		c.until("the operator is told of "+name, waitLimit, func() bool { return len(c.stderr.warnings(s.receiver(), "all logs of the source wait")) > 0 })
		require.EqualValues(t, 1, revoked[name].Load(), "requests of %s whose token was revoked meanwhile", name)
	}
	well := w.grow("a young token", func(s *system, _ string) bool { return s.name != "canvas" })
	c.until("the entries of the system that is well arrive", paceLimit, func() bool { return w.arrived(well) })
	c.until("everything arrives after the pause", settleLimit, w.complete)
	for _, name := range withTokens {
		s := w.system(name)
		assert.Len(t, c.stderr.warnings(s.receiver()), 1, "warnings of %s", name)
		assert.Equal(t, 2, s.cloud.TokenRequests(), "tokens of %s", name)
		c.until("the end is told of "+name, waitLimit, func() bool { return len(c.stderr.lines(s.receiver()+`"`, "answers again")) == 1 })
	}
	if *long {
		w.mature(c, revoke, revoked)
	}
	w.settle(c, 0)
}

// withTokens are the systems whose tokens are asked for by client credentials.
var withTokens = []string{"auth0", "kobil"}

// mature waits until the tokens have been in use for long, and has them revoked once more: they are replaced without a word.
func (w *world) mature(c *collector, revoke map[string]func(), revoked map[string]*atomic.Int64) {
	w.Helper()
	const young = 30 * time.Second // what the receiver takes for one that is refused when new
	began := time.Now()
	c.until("the tokens are in use for long", 2*young, func() bool { return time.Since(began) > young })
	for _, name := range withTokens {
		s := w.system(name)
		s.spoil(s.lastPart(), revokes(1, revoke[name], revoked[name]))
	}
	w.grow("an old token", func(*system, string) bool { return false })
	c.until("the newest arrive without a pause", paceLimit, func() bool {
		return revoked["auth0"].Load() == 2 && revoked["kobil"].Load() == 2 && w.complete()
	})
	for _, name := range withTokens {
		s := w.system(name)
		assert.Len(w, c.stderr.warnings(s.receiver()), 1, "warnings of %s", name)
		assert.Equal(w, 3, s.cloud.TokenRequests(), "tokens of %s", name)
	}
}

// revokes makes the token invalid just before the n-th request is answered.
func revokes(n int64, revoke func(), revoked *atomic.Int64) spoiler {
	var asked atomic.Int64
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if asked.Add(1) == n {
			revoke()
			revoked.Add(1)
		}
		next.ServeHTTP(w, r)
	}
}
