package kobil

import (
	"cmp"
	"net/http"
	"time"

	"github.com/userlog/userlog-otel/internal/emulator/cloud"
)

// Installation is one emulated installation. Its methods, those of the embedded server among them, are safe for
// concurrent use.
type Installation struct {
	*cloud.Server

	options Options
	path    template
	tokens  *cloud.Tokens
	store   store
}

// masterRealm is the realm that every Keycloak has.
const masterRealm = "master"

// New returns an installation without users. Options are copied.
func New(o Options) *Installation {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.TokenLifetime <= 0 {
		o.TokenLifetime = DefaultTokenLifetime
	}
	if o.DefaultLimit <= 0 {
		o.DefaultLimit = DefaultPageSize
	}
	o.TenantID = cmp.Or(o.TenantID, masterRealm)
	i := &Installation{
		options: o,
		path:    newTemplate(cmp.Or(o.Path, o.Product.path())),
		tokens:  cloud.NewTokens(o.Tokens, o.Clients),
		store:   store{users: map[string]*userLog{}},
	}
	i.Server = cloud.NewServer(cloud.Vendor{
		Now:     o.Now,
		Token:   isTokenPath,
		Subject: i.path.user,
		Answer:  http.HandlerFunc(i.answer),
	})
	return i
}

// RevokeTokens makes all tokens that the token endpoint has issued expire now; those of [Options.Tokens] stay valid.
func (i *Installation) RevokeTokens() { i.tokens.Revoke() }

// answer answers what no hook has answered.
func (i *Installation) answer(w http.ResponseWriter, r *http.Request) {
	if isTokenPath(r.URL.Path) {
		i.serveToken(w, r)
		return
	}
	tenant, user, ok := i.path.match(r.URL.EscapedPath())
	switch {
	case !ok || r.Method != http.MethodGet:
		writeJSON(w, http.StatusNotFound, httpError(http.StatusNotFound))
	case tenant != "" && tenant != i.options.TenantID:
		writeJSON(w, http.StatusNotFound, errNoRealm)
	case i.tokens.Check(r.Header.Get("Authorization"), i.options.Now()) != cloud.Accepted:
		writeJSON(w, http.StatusUnauthorized, httpError(http.StatusUnauthorized))
	default:
		i.serveLog(w, user, r.URL.Query())
	}
}
