package oauth

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/rest"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// endpoint starts a token endpoint.
func endpoint(t *testing.T, handler http.HandlerFunc) (*httptest.Server, *http.Client) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	client := &http.Client{Transport: &http.Transport{}, Timeout: 10 * time.Second}
	t.Cleanup(client.CloseIdleConnections)
	return server, client
}

// The secret is in the body of a POST to the token endpoint, and nowhere else.
func TestTokenRequest(t *testing.T) {
	server, client := endpoint(t, func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, http.MethodPost, r.Method)
		assert.Equal(t, "/oauth/token", r.RequestURI)
		assert.Equal(t, "application/x-www-form-urlencoded", r.Header.Get("Content-Type"))
		assert.NotContains(t, fmt.Sprint(r.Header), canarySecret)
		assert.Empty(t, r.Header.Get("Authorization"))
		assert.NoError(t, r.ParseForm())
		assert.Equal(t, map[string][]string{
			"grant_type":    {"client_credentials"},
			"client_id":     {"id & more"},
			"client_secret": {canarySecret + " & more"},
			"audience":      {"https://tenant.example.com/api/v2/"},
		}, map[string][]string(r.PostForm))
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"access_token":%q,"expires_in":60}`, canaryToken)
	})
	var sent *http.Request
	api := roundTripper(func(req *http.Request) (*http.Response, error) {
		sent = req
		return answer(req, http.StatusOK, "[]"), nil
	})
	tokens := newTokens(t, server.URL+"/oauth/token", client)
	status, err := ask(t, &http.Client{Transport: &Bearer{Tokens: tokens, Next: api}})
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, status)
	assert.Equal(t, "Bearer "+canaryToken, sent.Header.Get("Authorization"))
	assert.NotContains(t, fmt.Sprint(sent.Header, sent.URL), canarySecret)
}

func TestNoAudienceIsSentWithoutOne(t *testing.T) {
	server, client := endpoint(t, func(w http.ResponseWriter, r *http.Request) {
		assert.NoError(t, r.ParseForm())
		assert.NotContains(t, r.PostForm, "audience")
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"access_token":"x"}`)
	})
	_, err := NewTokens(Settings{TokenURL: must(server.URL), HTTP: client}).get(t.Context())
	require.NoError(t, err)
}

func TestTokenEndpointFailures(t *testing.T) {
	echo := func(status int, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body) // with the secret in it
			w.Header().Set("Content-Type", "application/json")
			for _, line := range header {
				name, value, _ := strings.Cut(line, ": ")
				w.Header().Set(name, value)
			}
			w.WriteHeader(status)
			fmt.Fprintf(w, `{"error":%q,"error_description":%q,"access_token":%q}`, string(body), canaryBody, canaryToken)
		}
	}
	code := func(status int, code string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			fmt.Fprintf(w, `{"error":%q,"error_description":%q}`, code, canaryBody)
		}
	}
	write := func(contentType, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			fmt.Fprint(w, body)
		}
	}
	head := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if assert.NoError(t, err) {
				fmt.Fprint(conn, text)
				_ = conn.Close()
			}
		}
	}
	const check = ": check client_id, client_secret, audience and token_url"
	const noToken = "the answer of the token endpoint holds no token that can be read"
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		kind   source.Kind
		text   string
		after  time.Duration
	}{
		"400":                        {echo(400), source.Unauthorized, "answered 400 Bad Request" + check, 0},
		"401":                        {echo(401), source.Unauthorized, "answered 401 Unauthorized" + check, 0},
		"403":                        {echo(403), source.Unauthorized, "answered 403 Forbidden" + check, 0},
		"401 that gives a code":      {code(401, "access_denied"), source.Unauthorized, "answered 401 Unauthorized (access_denied)" + check, 0},
		"401 with a token as a code": {code(401, "abcdefgh"), source.Unauthorized, "answered 401 Unauthorized" + check, 0},
		"404":                        {echo(404), source.Transient, "answered 404 Not Found: is token_url right, or endpoint", 0},
		"405":                        {echo(405), source.Transient, "answered 405 Method Not Allowed: is token_url right, or endpoint", 0},
		"429":                        {echo(429), source.Transient, "answered 429 Too Many Requests", time.Second},
		"429 with seconds":           {echo(429, "Retry-After: 17"), source.Transient, "answered 429", 17 * time.Second},
		"429 with a date":            {echo(429, "Date: Sun, 22 Nov 2026 12:00:00 GMT", "Retry-After: Sun, 22 Nov 2026 12:00:17 GMT"), source.Transient, "answered 429", 17 * time.Second},
		"429 with a huge number":     {echo(429, "Retry-After: 99999999999"), source.Transient, "answered 429", rest.MaxPause},
		"429 beyond numbers":         {echo(429, "Retry-After: 99999999999999999999999"), source.Transient, "answered 429", rest.MaxPause},
		"429 with a negative number": {echo(429, "Retry-After: -5"), source.Transient, "answered 429", time.Second},
		"429 with nonsense":          {echo(429, "Retry-After: soon"), source.Transient, "answered 429", time.Second},
		"429 with a past date":       {echo(429, "Retry-After: Thu, 01 Jan 1970 00:00:00 GMT"), source.Transient, "answered 429", time.Second},
		"500":                        {echo(500), source.Transient, "answered 500 Internal Server Error", 0},
		"503 with seconds":           {echo(503, "Retry-After: 17"), source.Transient, "answered 503 Service Unavailable", 17 * time.Second},
		"200 with an error":          {code(200, "invalid_client"), source.Transient, "answered 200 OK (invalid_client)", 0},
		"HTML":                       {write("text/html", "<html>"+canaryBody), source.Transient, noToken, 0},
		"text":                       {write("text/plain", canaryBody), source.Transient, noToken, 0},
		"a form that is none":        {write("application/x-www-form-urlencoded", "%zz"+canaryBody), source.Transient, noToken, 0},
		"truncated JSON":             {write("application/json", `{"access_token":"`+canaryToken), source.Transient, noToken, 0},
		"no token":                   {write("application/json", `{"expires_in":60,"x":"`+canaryBody+`"}`), source.Transient, noToken, 0},
		"an empty token":             {write("application/json", `{"access_token":""}`), source.Transient, noToken, 0},
		"a token of another type":    {write("application/json", `{"access_token":{"x":"`+canaryToken+`"}}`), source.Transient, noToken, 0},
		"nothing":                    {write("application/json", ""), source.Transient, noToken, 0},
		"closed without a word":      {head(""), source.Transient, "the token endpoint closed the connection before the whole answer arrived", 0},
		"a head that is none":        {head("HTTP/1.1 200 OK\r\nBearer " + canaryToken + "\r\n\r\n"), source.Transient, "no answer of the token endpoint that can be read", 0},
	} {
		t.Run(name, func(t *testing.T) {
			server, client := endpoint(t, c.answer)
			_, err := newTokens(t, server.URL, client).get(t.Context())
			requireSilent(t, err, c.kind)
			require.ErrorContains(t, err, c.text)
			var e *source.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, c.after, e.RetryAfter)
		})
	}
}

// The secret is in a body, which a client sends again where 307 and 308 tell it to.
func TestSecretDoesNotFollowARedirect(t *testing.T) {
	var foreign atomic.Int32
	other, _ := endpoint(t, func(http.ResponseWriter, *http.Request) { foreign.Add(1) })
	for _, status := range []int{301, 302, 303, 307, 308} {
		for name, location := range map[string]string{
			"another host": other.URL + "/" + canaryBody + "?secret=" + canarySecret,
			"a path":       "/" + canaryBody,
			"no URL":       "http://[" + canarySecret,
		} {
			t.Run(fmt.Sprintf("%d to %s", status, name), func(t *testing.T) {
				var own atomic.Int32
				server, client := endpoint(t, func(w http.ResponseWriter, _ *http.Request) {
					own.Add(1)
					w.Header().Set("Location", location)
					w.WriteHeader(status)
				})
				_, err := newTokens(t, server.URL, client).get(t.Context())
				requireSilent(t, err, source.Transient)
				if name != "no URL" {
					require.ErrorContains(t, err, "the redirect was not followed, because the secret belongs to token_url only")
				}
				assert.EqualValues(t, 1, own.Load())
				assert.Zero(t, foreign.Load())
			})
		}
	}
}

func TestTokenEndpointThatCannotBeReached(t *testing.T) {
	server, client := endpoint(t, nil)
	address := server.Listener.Addr().String()
	server.Close()
	_, err := newTokens(t, "http://"+address, client).get(t.Context())
	requireSilent(t, err, source.Transient)
	require.ErrorContains(t, err, "connection refused")

	secure := httptest.NewUnstartedServer(nil)
	secure.Config.ErrorLog = quiet()
	secure.StartTLS()
	defer secure.Close()
	_, err = newTokens(t, secure.URL, client).get(t.Context())
	requireSilent(t, err, source.Transient)
	require.ErrorContains(t, err, "failed to verify certificate")

	plain, client := endpoint(t, func(http.ResponseWriter, *http.Request) {})
	_, err = newTokens(t, strings.Replace(plain.URL, "http:", "https:", 1), client).get(t.Context())
	requireSilent(t, err, source.Transient)
	require.ErrorContains(t, err, "speaks http, not https")
}

// An endless answer costs no more than a token could need.
func TestEndlessTokenAnswerIsCutOff(t *testing.T) {
	server, client := endpoint(t, func(w http.ResponseWriter, _ *http.Request) {
		chunk := []byte(strings.Repeat(" ", 32<<10))
		for {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	})
	_, err := newTokens(t, server.URL, client).get(t.Context())
	requireSilent(t, err, source.Transient)
}
