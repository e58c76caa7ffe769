package userlogcheck

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"

	"github.com/userlog/userlog-otel/config"
	"github.com/userlog/userlog-otel/internal/emulator/auth0"
	"github.com/userlog/userlog-otel/internal/emulator/canvas"
	"github.com/userlog/userlog-otel/internal/emulator/kobil"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// acme is a configuration of Auth0 with a token, or with the credentials among the keys.
func acme(t *testing.T, url string, provider keys) *config.Config {
	all := keys{"endpoint": url, "users": []any{user}}
	if provider["client_id"] == nil && provider["auth"] == nil {
		all["token"] = canary
	}
	for key, value := range provider {
		all[key] = value
	}
	return configured(t, "auth0", all, keys{"storage": "file_storage"})
}

// notListening is an address at which nobody listens.
func notListening(t *testing.T) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	return "http://" + listener.Addr().String()
}

// Each failure is one line, at the check that it belongs to, and names its cure.
func TestFailureIsOneLineWithItsCure(t *testing.T) {
	t.Parallel()
	type failure struct {
		cfg         func(t *testing.T) *config.Config
		place, want string
	}
	answering := func(status int, header http.Header, body string) func(*testing.T) *config.Config {
		return func(t *testing.T) *config.Config {
			a, url := tenant(t, auth0.Options{}, 1)
			refuse(a, status, header, body)
			return acme(t, url, nil)
		}
	}
	for name, f := range map[string]failure{
		"wrong secret": {func(t *testing.T) *config.Config {
			_, url := tenant(t, auth0.Options{Clients: map[string]string{"app": "another"}}, 1)
			return acme(t, url, keys{"client_id": "app", "client_secret": canary})
		}, "credentials", "token request: the token endpoint answered 401 Unauthorized (access_denied): check client_id, client_secret, audience and token_url"},
		"wrong token": {func(t *testing.T) *config.Config {
			_, url := tenant(t, auth0.Options{Tokens: []string{"another"}}, 1)
			return acme(t, url, nil)
		}, "credentials", "GET /api/v2/users/{id}/logs: the API answered 401 Unauthorized: is the token expired, or made for another tenant or audience?"},
		"wrong token_url": {func(t *testing.T) *config.Config {
			_, url := tenant(t, auth0.Options{Clients: map[string]string{"app": canary}}, 1)
			return acme(t, url, keys{"client_id": "app", "client_secret": canary, "token_url": url + "/nowhere"})
		}, "credentials", "token request: the token endpoint answered 404 Not Found: is token_url right, or endpoint, of which it is made by default?"},
		"authenticator that is not built in": {func(t *testing.T) *config.Config {
			_, url := tenant(t, auth0.Options{}, 1)
			return acme(t, url, keys{"auth": keys{"authenticator": "oauth2client"}})
		}, "credentials", "auth: there is none"},
		"missing right": {
			answering(403, nil, `{"error":"insufficient_scope"}`), "rights",
			"log 1: GET /api/v2/users/{id}/logs: the API answered 403 Forbidden: grant the application the scopes read:logs and read:logs_users",
		},
		"throttled": {
			answering(429, http.Header{"Retry-After": {"30"}}, ""), "rate_limit",
			"the API asks for fewer requests: its rate limit is used up for 30s more: who else uses it? Try again then",
		},
		"throttled token endpoint": {func(t *testing.T) *config.Config {
			a, url := tenant(t, auth0.Options{}, 1)
			a.InterceptToken(func(w http.ResponseWriter, _ *http.Request) bool {
				w.WriteHeader(http.StatusTooManyRequests)
				return true
			})
			return acme(t, url, keys{"client_id": "app", "client_secret": canary})
		}, "rate_limit", "the token endpoint asks for fewer requests: its rate limit is used up: who else uses it? Try again later"},
		"gone user": {
			func(t *testing.T) *config.Config {
				a, url := tenant(t, auth0.Options{}, 1)
				a.SetUserStatus(user, http.StatusNotFound)
				return acme(t, url, nil)
			}, "logs",
			"log 1: GET /api/v2/users/{id}/logs: the API answered 404 Not Found: does the user exist in this tenant?",
		},
		"failure of the API": {
			answering(503, nil, canary), "reachable",
			"GET /api/v2/users/{id}/logs: the API answered 503 Service Unavailable: a failure of its own: try again later",
		},
		"page of a proxy": {
			answering(200, nil, "<html>"+canary), "reachable",
			"GET /api/v2/users/{id}/logs: answer is HTML or XML, not JSON: is endpoint that of the API, or does something in between answer?",
		},
		"redirect": {
			answering(302, http.Header{"Location": {"https://evil.example/" + canary}}, ""), "reachable",
			"GET /api/v2/users/{id}/logs: the API answered 302 Found; its redirect to evil.example was not followed, because the token belongs to the configured endpoint only: is the address right",
		},
		"nobody listens": {
			func(t *testing.T) *config.Config { return acme(t, notListening(t), nil) }, "reachable",
			"connection refused: nobody listens there: are host and port right?",
		},
		"nobody listens at the token endpoint": {func(t *testing.T) *config.Config {
			return acme(t, serve(t, auth0.New(auth0.Options{})), keys{"client_id": "app", "client_secret": canary, "token_url": notListening(t) + "/t"})
		}, "reachable", "token request: dial tcp"},
		"proxy that is down": {func(t *testing.T) *config.Config {
			return acme(t, "https://acme.example", keys{"proxy_url": notListening(t)})
		}, "reachable", "the proxy cannot be reached: is proxy_url (or HTTPS_PROXY of the environment) right?"},
		"proxy that wants a password": {func(t *testing.T) *config.Config {
			proxy := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusProxyAuthRequired) }))
			return acme(t, "https://acme.example", keys{"proxy_url": strings.Replace(proxy, "//", "//app:"+canary+"@", 1)})
		}, "reachable", "the proxy answered 407 Proxy Authentication Required: are there a user and a password in proxy_url, and are they right?"},
		"proxy that refuses the token endpoint": {func(t *testing.T) *config.Config {
			proxy := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }))
			return acme(t, "https://acme.example", keys{"proxy_url": proxy, "client_id": "app", "client_secret": canary})
		}, "reachable", "token request: the proxy answered 403 Forbidden: does it let this host through?"},
		"failure of the token endpoint": {func(t *testing.T) *config.Config {
			a, url := tenant(t, auth0.Options{}, 1)
			a.InterceptToken(func(w http.ResponseWriter, _ *http.Request) bool {
				w.WriteHeader(http.StatusInternalServerError)
				return true
			})
			return acme(t, url, keys{"client_id": "app", "client_secret": canary})
		}, "credentials", "the token endpoint answered 500 Internal Server Error: is the address right, and the server well, or does something in between answer?"},
		"closed connection": {func(t *testing.T) *config.Config {
			return acme(t, serve(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })), nil)
		}, "reachable", "the connection was closed before the whole answer arrived: is the address right"},
		"unknown authority": {func(t *testing.T) *config.Config {
			server := httptest.NewUnstartedServer(http.NotFoundHandler())
			server.Config.ErrorLog = nil
			server.StartTLS()
			t.Cleanup(server.Close)
			return acme(t, server.URL, nil)
		}, "reachable", "set tls::ca_file to the certificate of that authority"},
		"https at a port of http": {func(t *testing.T) *config.Config {
			return acme(t, strings.Replace(serve(t, http.NotFoundHandler()), "http:", "https:", 1), nil)
		}, "reachable", "the server speaks http, not https: is this the right port?"},
		"tenant's log at another host": {func(t *testing.T) *config.Config {
			return configured(t, "auth0", keys{"endpoint": serve(t, http.NotFoundHandler()), "token": canary, "tenant": true}, keys{"storage": "file_storage"})
		}, "reachable", "GET /api/v2/logs: the API answered 404 Not Found: is the endpoint the tenant's, without a path?"},
		"users_file that is not there": {func(t *testing.T) *config.Config {
			return configured(t, "auth0", keys{"endpoint": "https://acme.example", "token": canary, "users_file": "nowhere.txt"}, keys{"storage": "file_storage"})
		}, "logs", "users_file cannot be read: open nowhere.txt: no such file or directory"},
		"certificate that is not there": {func(t *testing.T) *config.Config {
			return acme(t, "https://acme.example", keys{"tls": keys{"ca_file": "nowhere.pem"}})
		}, "reachable", "open nowhere.pem: no such file or directory"},
		"KOBIL's wrong secret": {func(t *testing.T) *config.Config {
			url := serve(t, kobil.New(kobil.Options{Clients: map[string]string{"app": "another"}}))
			return configured(t, "kobil", keys{
				"endpoint": url, "client_id": "app", "client_secret": canary, "product": "ssms", "users": []any{"jane"},
				"token_url": url + "/auth/realms/master/protocol/openid-connect/token",
			}, keys{"storage": "file_storage"})
		}, "credentials", "check client_id, client_secret, audience and token_url"},
		"KOBIL's missing right": {func(t *testing.T) *config.Config {
			bank := kobil.New(kobil.Options{})
			bank.AddUsers("jane")
			bank.SetUserStatus("jane", http.StatusForbidden)
			return configured(t, "kobil", keys{"endpoint": serve(t, bank), "token": canary, "product": "ssms", "users": []any{"jane"}}, keys{"storage": "file_storage"})
		}, "rights", "the API answered 403 Forbidden: may the client read user logs?"},
		"Canvas's wrong token": {func(t *testing.T) *config.Config {
			return configured(t, "canvas", keys{"endpoint": serve(t, canvas.New(canvas.Options{Tokens: []string{"another"}})), "token": canary, "accounts": []any{"1"}}, keys{"storage": "file_storage"})
		}, "credentials", "is the token expired or deleted, or that of a user without a login at this host?"},
		"Canvas's missing right": {func(t *testing.T) *config.Config {
			campus := canvas.New(canvas.Options{})
			campus.AddAccount(1, "Example")
			campus.SetStatus("accounts/1", http.StatusUnauthorized)
			return configured(t, "canvas", keys{"endpoint": serve(t, campus), "token": canary, "accounts": []any{"1"}}, keys{"storage": "file_storage"})
		}, "rights", `the token's user needs "View statistics" or "Manage login details" in this root account`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report, table := run(t, settings(f.cfg(t)))
			assert.False(t, report.OK)
			assert.NotEmpty(t, report.Receivers[0].Endpoint)
			assert.NotContains(t, report.Receivers[0].Endpoint, "//")
			check := of(t, report, f.place)
			assert.Equal(t, Fail, check.State)
			assert.Contains(t, check.Text, f.want)
			if f.place == "logs" || strings.HasSuffix(f.want, "directory") {
				assert.NotContains(t, check.Text, "is the address right", "nothing was asked")
			}
			assert.Equal(t, 1, strings.Count(table, "FAIL"), "one failure, one line:\n%s", table)
			assert.LessOrEqual(t, report.Receivers[0].Requests, 2)
		})
	}
}

func TestTokenCountsAsAcceptedOnlyIfTheAPIShowsIt(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]State{http.StatusForbidden: OK, http.StatusNotFound: Unknown, http.StatusTooManyRequests: Unknown, http.StatusBadGateway: Unknown} {
		a, url := tenant(t, auth0.Options{}, 1)
		refuse(a, status, nil, "")
		report, _ := run(t, settings(acme(t, url, nil)))
		assert.Equal(t, want, of(t, report, "credentials").State, status)
	}
}

func TestMissingRightNamesThoseThatThereAre(t *testing.T) {
	t.Parallel()
	a, url := tenant(t, auth0.Options{Clients: map[string]string{"app": canary}}, 1)
	refuse(a, http.StatusForbidden, nil, "")
	report, _ := run(t, settings(acme(t, url, keys{"client_id": "app", "client_secret": canary})))
	assert.Contains(t, of(t, report, "rights").Text, "; the token has: read:logs read:logs_users read:users")
}

func TestOneBadLogDoesNotHideTheOthers(t *testing.T) {
	t.Parallel()
	a, url := tenant(t, auth0.Options{}, 1)
	users := []any{"auth0|gone", user, "auth0|gone too"}
	for _, gone := range []string{"auth0|gone", "auth0|gone too", "a", "b", "c"} {
		a.SetUserStatus(gone, http.StatusNotFound)
	}
	report, table := run(t, settings(acme(t, url, keys{"users": users})))
	check := of(t, report, "logs")
	assert.Equal(t, Fail, check.State)
	assert.Contains(t, check.Text, "log 1: ")
	assert.True(t, strings.HasSuffix(check.Text, "(log 3 too)"), check.Text)
	assert.Equal(t, OK, of(t, report, "newest_entry").State)
	assert.NotContains(t, table, "gone too")

	report, _ = run(t, settings(acme(t, url, keys{"users": []any{"a", "b", "c"}})))
	assert.True(t, strings.HasSuffix(of(t, report, "logs").Text, "(2 other logs too); as this is true of all that were looked at: is endpoint right?"))
}

func TestAnswerThatDoesNotComeIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	a, url := tenant(t, auth0.Options{}, 1)
	over := make(chan struct{})
	t.Cleanup(func() { close(over) })
	a.Intercept(func(http.ResponseWriter, *http.Request) bool { <-over; return true })
	s := settings(acme(t, url, nil))
	s.Timeout = 50 * time.Millisecond
	report, _ := run(t, s)
	assert.Equal(t, Check{"reachable", Fail, "no answer in time: does a firewall drop what goes there, or is a proxy needed (proxy_url)?"}, of(t, report, "reachable"))
}

// slow answers after a time.
type slow time.Duration

func (wait slow) RoundTrip(req *http.Request) (*http.Response, error) {
	select {
	case <-time.After(time.Duration(wait)):
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody}, nil
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
}

// A list of users may be of many pages, and a tenant may allow few requests a second.
func TestEachAnswerIsWaitedForAnew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v := &visit{settings: Settings{Timeout: 10 * time.Second}, tap: &tap{}}
		pages := func(waits ...time.Duration) error {
			return v.within(t.Context(), func(ctx context.Context) error {
				for _, wait := range waits {
					req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://acme.example", http.NoBody)
					require.NoError(t, err)
					resp, err := v.tap.overhear(req, slow(wait))
					if err != nil {
						return err
					}
					require.NoError(t, resp.Body.Close())
				}
				return nil
			})
		}
		require.NoError(t, pages(9*time.Second, 9*time.Second, 9*time.Second))
		require.ErrorIs(t, pages(9*time.Second, 11*time.Second), errLate)
	})
}

func TestStateOfTheStorageIsASCheckOfItsOwn(t *testing.T) {
	t.Parallel()
	_, url := tenant(t, auth0.Options{}, 1)
	s := settings(acme(t, url, nil))
	var asked [2]component.ID
	s.Storage = func(receiver, extension component.ID) (State, string) {
		asked = [2]component.ID{receiver, extension}
		return Fail, "the directory\n\nis not there"
	}
	report, _ := run(t, s)
	assert.Equal(t, Check{"storage", Fail, "the directory is not there"}, of(t, report, "storage"))
	assert.False(t, report.OK)
	assert.Equal(t, [2]component.ID{idOf("acme"), component.MustNewID("file_storage")}, asked)
}

func TestNothingIsSaidOfALimitThatWasNotAskedFor(t *testing.T) {
	t.Parallel()
	report, _ := run(t, settings(configured(t, "auth0", keys{"endpoint": "https://acme.example", "token": canary, "users_file": "nowhere.txt"}, nil)))
	assert.Equal(t, Unknown, of(t, report, "rate_limit").State)
}

func TestAuthenticatorIsUsedAndStopped(t *testing.T) {
	t.Parallel()
	_, url := tenant(t, auth0.Options{Tokens: []string{canary}}, 1)
	s := settings(acme(t, url, keys{"auth": keys{"authenticator": "bearertokenauth/acme"}}))
	extension := &bearer{}
	s.Authenticator = func(_ context.Context, id component.ID) (component.Component, error) {
		assert.Equal(t, component.MustNewIDWithName("bearertokenauth", "acme"), id)
		return extension, nil
	}
	report, _ := run(t, s)
	assert.True(t, report.OK)
	assert.Equal(t, Check{"credentials", OK, "the token of bearertokenauth/acme is accepted"}, of(t, report, "credentials"))
	assert.True(t, extension.stopped)
}

// bearer is an authenticator extension.
type bearer struct {
	component.StartFunc
	stopped bool
}

func (b *bearer) Shutdown(context.Context) error {
	b.stopped = true
	return nil
}

func (*bearer) RoundTripper(next http.RoundTripper) (http.RoundTripper, error) {
	return roundTripper(func(req *http.Request) (*http.Response, error) {
		req = req.Clone(req.Context())
		req.Header.Set("Authorization", "Bearer "+canary)
		return next.RoundTrip(req)
	}), nil
}

// Failures that take a network of their own to happen.
func TestFailureOfTheNetworkNamesItsCure(t *testing.T) {
	t.Parallel()
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	for want, err := range map[string]error{
		"is the name of the host right, and known to this machine's DNS?": dial(&net.DNSError{Err: "no such host", Name: "acme.example", IsNotFound: true}),
		"does this machine's DNS answer?":                                 dial(&net.DNSError{Err: "server misbehaving", Name: "acme.example"}),
		"there is no way to it":                                           dial(syscall.EHOSTUNREACH),
		"is the host up, and no firewall in between?":                     &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET},
		"the certificate is another host's":                               &tls.CertificateVerificationError{Err: x509.HostnameError{Host: "acme.example", Certificate: &x509.Certificate{}}},
		"is this machine's clock right":                                   &tls.CertificateVerificationError{Err: x509.CertificateInvalidError{Reason: x509.Expired, Cert: &x509.Certificate{}}},
		"does the server want a certificate of ours":                      &net.OpError{Op: "remote error", Err: tls.AlertError(42)},
		"does a firewall drop what goes there":                            errors.New("no whole answer within the time-out"),
	} {
		text := explain(&source.Error{Op: "GET /x", Err: fmt.Errorf("%w", err)})
		assert.Contains(t, text, want)
		assert.NotContains(t, text, "\n")
	}
}

func TestTableOfASourceThatRefuses(t *testing.T) {
	t.Parallel()
	_, url := tenant(t, auth0.Options{Clients: map[string]string{"app": "another"}}, 1)
	report, table := run(t, settings(acme(t, url, keys{"client_id": "app", "client_secret": canary})))
	assert.False(t, report.OK)
	golden(t, "refused.txt", settled(table))
}
