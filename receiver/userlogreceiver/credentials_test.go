package userlogreceiver

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/storagetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.uber.org/zap"
	"golang.org/x/oauth2"

	emulator "github.com/userlog/userlog-otel/internal/emulator/auth0"
)

func TestTokenIsAskedForWhereAndHowTheKeysSay(t *testing.T) {
	const probe = "X-Probe"
	client := func(more keys) keys {
		all := keys{"client_id": "an id", "client_secret": canary, "headers": keys{probe: "of acme"}}
		for key, value := range more {
			all[key] = value
		}
		return all
	}
	for _, test := range []struct {
		name  string
		keys  func(api, other string) keys
		other bool   // the token endpoint is not at the API's origin
		path  string // of the token endpoint
		// audience is what is asked for; empty means the default.
		audience, probe string
	}{
		{"by default", func(string, string) keys { return client(nil) }, false, "/oauth/token", "", "of acme"},
		{"audience", func(string, string) keys { return client(keys{"audience": "https://acme.example/api/v2/"}) }, false, "/oauth/token", "https://acme.example/api/v2/", "of acme"},
		{"token_url of the same origin", func(api, _ string) keys { return client(keys{"token_url": api + "/another/token"}) }, false, "/another/token", "", "of acme"},
		{"token_url of another origin", func(_, other string) keys { return client(keys{"token_url": other + "/oauth/token"}) }, true, "/oauth/token", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			tenant := emulator.New(emulator.Options{Clients: map[string]string{"an id": canary}})
			mux := http.NewServeMux()
			mux.Handle("/", tenant)
			mux.HandleFunc("/another/token", func(w http.ResponseWriter, req *http.Request) {
				req.URL.Path = "/oauth/token"
				tenant.ServeHTTP(w, req)
			})
			api, address := recorded(t, mux)
			other, otherAddress := recorded(t, tenant)
			r := start(t, configured(t, address, keys{"auth0": test.keys(address, otherAddress)}), componenttest.NewNopHost())
			r.eventually(func() bool { return len(api.of(userPath)) > 0 }, "the log is read")

			asked, silent := api, other
			if test.other {
				asked, silent = other, api
			}
			require.Len(t, asked.of(test.path), 1)
			assert.Empty(t, silent.of(test.path))
			token := asked.of(test.path)[0]
			audience := test.audience
			if audience == "" {
				audience = address + "/api/v2/"
			}
			assert.Equal(t, url.Values{
				"grant_type": {"client_credentials"}, "client_id": {"an id"}, "client_secret": {canary}, "audience": {audience},
			}, token.form)
			assert.Equal(t, test.probe, token.header.Get(probe), "a header may hold a secret, and is meant for the API")
			assert.Empty(t, token.header.Get("Authorization"))
			assert.Equal(t, "of acme", api.of(userPath)[0].header.Get(probe))
			assert.Contains(t, api.of(userPath)[0].header.Get("Authorization"), "Bearer emulated.")
		})
	}
}

// authenticator is an extension such as oauth2client.
type authenticator struct {
	component.StartFunc
	component.ShutdownFunc
	err error
}

func (a *authenticator) RoundTripper(base http.RoundTripper) (http.RoundTripper, error) {
	return roundTripper(func(req *http.Request) (*http.Response, error) {
		if a.err != nil {
			return nil, a.err
		}
		req = req.Clone(req.Context())
		req.Header.Set("Authorization", "Bearer "+canary)
		return base.RoundTrip(req)
	}), nil
}

type roundTripper func(*http.Request) (*http.Response, error)

func (r roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return r(req) }

// behind starts a receiver of three users whose credentials are an extension's.
func behind(t *testing.T, address string, extension *authenticator) *rig {
	id := component.MustNewIDWithName("oauth2client", "acme")
	return start(t, configured(t, address, keys{"auth0": keys{
		"auth":  keys{"authenticator": id.String()},
		"users": []any{user, "auth0|b", "auth0|c"},
	}}), storagetest.NewStorageHost().WithExtension(id, extension))
}

func TestAuthenticatorExtensionAuthenticates(t *testing.T) {
	tenant, address := serve(t, emulator.Options{Tokens: []string{canary}})
	for i := range 3 {
		require.NoError(t, tenant.Publish(user, entryOf(fmt.Sprintf("900%d", i), time.Now())))
	}
	r := behind(t, address, &authenticator{})
	r.eventually(func() bool { return r.sink.LogRecordCount() == 3 }, "the log is read")
	for _, request := range tenant.Requests() {
		assert.NotEqual(t, http.StatusUnauthorized, request.Status)
	}
}

func TestAuthenticatorExtensionThatIsRefusedIsOneProblemOfTheSource(t *testing.T) {
	tenant, address := serve(t, emulator.Options{})
	refused := &oauth2.RetrieveError{
		Response: &http.Response{StatusCode: http.StatusUnauthorized}, ErrorCode: "access_denied", Body: []byte(canary),
	}
	// As oauth2clientauthextension puts it.
	r := behind(t, address, &authenticator{err: fmt.Errorf("%w (endpoint %q): %w", errors.New("failed to get security token"), canary, refused)})
	r.eventually(func() bool { s, _ := r.host.statuses(); return len(s) > 0 }, "it is told")
	other, otherAddress := serve(t, emulator.Options{})
	start(t, configured(t, otherAddress, nil), componenttest.NewNopHost()).more(5, other) // time for more lines

	statuses, texts := r.host.statuses()
	assert.Equal(t, []componentstatus.Status{componentstatus.StatusRecoverableError}, statuses)
	assert.Equal(t, "all logs of the source wait: token request of the authenticator extension: the token endpoint answered "+
		"401 Unauthorized (access_denied): check client_id, client_secret, audience and token_url", texts[0])
	assert.Equal(t, 1, r.logs.FilterMessageSnippet("reading user logs").FilterLevelExact(zap.WarnLevel).Len())
	for _, entry := range r.logs.All() {
		assert.NotContains(t, fmt.Sprint(entry.Message, entry.ContextMap()), canary)
	}
	assert.Empty(t, tenant.Requests())
}

func TestTheProxyIsUsedForTheAPIAndForTokens(t *testing.T) {
	proxy, address := recorded(t, emulator.New(emulator.Options{}))
	r := start(t, configured(t, "http://127.0.0.1:1", keys{"auth0": keys{
		"client_id": "id", "client_secret": canary,
		"proxy_url": strings.Replace(address, "http://", "http://user:"+canary+"@", 1),
	}}), componenttest.NewNopHost())
	r.eventually(func() bool { return len(proxy.of(userPath)) > 0 }, "a request comes through the proxy")
	for _, path := range []string{"/oauth/token", userPath} {
		requests := proxy.of(path)
		require.NotEmpty(t, requests, path)
		assert.Equal(t, "127.0.0.1:1", requests[0].url.Host, "asked of the proxy")
	}
	for _, entry := range r.logs.All() {
		assert.NotContains(t, fmt.Sprint(entry.Message, entry.ContextMap()), canary)
	}
}
