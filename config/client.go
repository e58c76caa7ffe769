package config

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"go.opentelemetry.io/collector/config/confighttp"
)

// Client is what the blocks of all providers say alike: whom to ask, how, and with which credentials. It is a view: its
// pointers are those of the block. The blocks do not embed it, because validation would put its name into the path of
// every fault.
type Client struct {
	// HTTP is the client as everywhere in the Collector, but for the proxy.
	HTTP confighttp.ClientConfig
	// Endpoint is the origin of the API.
	Endpoint Endpoint
	// ProxyURL is the client's proxy; empty means the one that the environment names, if any.
	ProxyURL ProxyURL

	// Token is set if a ready token is sent.
	Token *Secret
	// ClientID and ClientSecret are set if a token is asked for. If neither is set, nor Token, HTTP.Auth names an
	// authenticator extension.
	ClientID     *ClientID
	ClientSecret *Secret
	// TokenURL is where a token is asked for; empty without ClientID.
	TokenURL TokenURL
	// Audience is the API that a token is asked for; empty means that none is named.
	Audience string
}

// Format prints the view without a secret, whatever the verb.
func (c Client) Format(f fmt.State, verb rune) {
	type plain Client
	formatAsValue(f, verb, plain(c))
}

// formatAsValue prints a block, given as a type without methods, as %v does, whatever the verb: with one that does not
// suit them, fmt would print the opaque strings of the HTTP client as they are.
func formatAsValue(f fmt.State, verb rune, block any) {
	_, _ = fmt.Fprintf(f, strings.TrimSuffix(fmt.FormatString(f, verb), string(verb))+"v", block)
}

// requestTimeout bounds one request from the first byte sent to the last byte read. confighttp has none by default,
// and a server that sends one byte a second must not hold a worker for ever.
const requestTimeout = 30 * time.Second

// newDefaultHTTP returns the settings of the HTTP client that apply where the user says nothing.
func newDefaultHTTP() confighttp.ClientConfig {
	http := confighttp.NewDefaultClientConfig()
	http.Timeout = requestTimeout
	return http
}

func validateTimeout(timeout time.Duration) error {
	switch {
	case timeout <= 0:
		return fmt.Errorf("timeout is %v, which would let a request last for ever: set it above 0, as in %v", timeout, requestTimeout)
	case timeout < time.Millisecond:
		return fmt.Errorf("timeout: %w", hasUnit(timeout))
	}
	return nil
}

// validateCredentials finds what is wrong with the choice of credentials, each of which looks after itself. The choices
// are told if none was made.
func (c Client) validateCredentials(choices string) error {
	var given []string
	if c.Token != nil {
		given = append(given, "token")
	}
	if c.ClientID != nil || c.ClientSecret != nil {
		given = append(given, "client_id with client_secret")
	}
	if c.HTTP.Auth.HasValue() {
		given = append(given, "auth")
	}
	switch {
	case len(given) == 0:
		return errors.New("no credentials: set " + choices)
	case len(given) > 1:
		return errors.New("more than one kind of credentials: keep one of " + strings.Join(given, ", "))
	case c.ClientID == nil && c.ClientSecret != nil:
		return errors.New("client_secret is set without client_id: add client_id")
	case c.ClientID != nil && c.ClientSecret == nil:
		return errors.New("client_id is set without client_secret: add client_secret")
	}
	return nil
}
