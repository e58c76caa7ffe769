package config

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/confmap"
)

// Auth0 configures the reading of an Auth0 tenant through its Management API.
type Auth0 struct {
	// HTTP is the client as everywhere in the Collector. Its endpoint is the same as Endpoint.
	HTTP confighttp.ClientConfig `mapstructure:",squash"`
	// Endpoint is the tenant's origin: https://TENANT.REGION.auth0.com, or a custom domain.
	Endpoint Endpoint `mapstructure:"endpoint"`
	// ProxyURL is the client's proxy. HTTP holds it no longer once the block was read, because it would print a password
	// in it.
	ProxyURL ProxyURL `mapstructure:"proxy_url,omitempty"`

	// Token is a token of the Management API. Such tokens last a day: for trying things.
	Token *Secret `mapstructure:"token,omitempty"`
	// ClientID and ClientSecret are those of a machine-to-machine application with the scopes read:logs and
	// read:logs_users.
	ClientID     *ClientID `mapstructure:"client_id,omitempty"`
	ClientSecret *Secret   `mapstructure:"client_secret,omitempty"`
	// TokenURL is where a token is asked for; by default {endpoint}/oauth/token.
	TokenURL TokenURL `mapstructure:"token_url"`
	// Audience is the API that a token is asked for; by default {endpoint}/api/v2/. With a custom domain as endpoint it
	// stays https://TENANT.REGION.auth0.com/api/v2/.
	Audience string `mapstructure:"audience"`

	// Users are the ids of the users whose logs are read.
	Users UserIDs `mapstructure:"users"`
	// UsersFile names a file with one id a line, which is read again when it changes.
	UsersFile string `mapstructure:"users_file"`
	// PageSize is the number of entries asked for at once; Auth0 gives at most 100.
	PageSize PageSize `mapstructure:"page_size"`

	_ struct{}
}

// Format prints the block as %v does, whatever the verb: with one that does not suit them, fmt would print the opaque
// strings of the HTTP client as they are.
func (a Auth0) Format(f fmt.State, verb rune) {
	type plain Auth0
	_, _ = fmt.Fprintf(f, strings.TrimSuffix(fmt.FormatString(f, verb), string(verb))+"v", plain(a))
}

// requestTimeout bounds one request from the first byte sent to the last byte read. confighttp has none by default,
// and a server that sends one byte a second must not hold a worker for ever.
const requestTimeout = 30 * time.Second

// NewDefaultAuth0 returns the settings that apply where the user says nothing.
func NewDefaultAuth0() *Auth0 {
	http := confighttp.NewDefaultClientConfig()
	http.Timeout = requestTimeout
	return &Auth0{HTTP: http, PageSize: 100}
}

// required are the keys whose empty value would be read as 0 instead of the default.
func (*Auth0) required() []string { return []string{"page_size", "timeout"} }

var (
	_ confmap.Unmarshaler = (*Auth0)(nil)
	_ confmap.Validator   = (*Auth0)(nil)
)

// Unmarshal reads the user's settings over the defaults. A credential whose value is null, as it is when an
// environment variable is not set, counts as given and empty, so that validation can point at it.
func (a *Auth0) Unmarshal(conf *confmap.Conf) error {
	*a = *NewDefaultAuth0()
	if err := conf.Unmarshal(a); err != nil {
		return err
	}
	a.HTTP.ProxyURL = ""
	if conf.IsSet("token") && a.Token == nil {
		a.Token = new(Secret)
	}
	if conf.IsSet("client_id") && a.ClientID == nil {
		a.ClientID = new(ClientID)
	}
	if conf.IsSet("client_secret") && a.ClientSecret == nil {
		a.ClientSecret = new(Secret)
	}
	return nil
}

// Validate finds what concerns several keys of the block, or a key of the client. All of it is one line, because the
// path stands before the first line only.
func (a *Auth0) Validate() error {
	var faults []string
	for _, err := range []error{a.validateCredentials(), a.validateUsers(), a.validateTimeout()} {
		if err != nil {
			faults = append(faults, err.Error())
		}
	}
	if len(faults) == 0 {
		return nil
	}
	return errors.New(strings.Join(faults, "; "))
}

func (a *Auth0) validateCredentials() error {
	var given []string
	if a.Token != nil {
		given = append(given, "token")
	}
	if a.ClientID != nil || a.ClientSecret != nil {
		given = append(given, "client_id with client_secret")
	}
	if a.HTTP.Auth.HasValue() {
		given = append(given, "auth")
	}
	switch {
	case len(given) == 0:
		return errors.New("no credentials: set token, or client_id with client_secret, or auth with an authenticator extension")
	case len(given) > 1:
		return errors.New("more than one kind of credentials: keep one of " + strings.Join(given, ", "))
	case a.ClientID == nil && a.ClientSecret != nil:
		return errors.New("client_secret is set without client_id: add client_id")
	case a.ClientID != nil && a.ClientSecret == nil:
		return errors.New("client_id is set without client_secret: add client_secret")
	case a.ClientID == nil && (a.TokenURL != "" || a.Audience != ""):
		return errors.New("token_url and audience have no effect without client_id: remove them, or add client_id with client_secret")
	}
	return nil
}

func (a *Auth0) validateUsers() error {
	if len(a.Users) == 0 && a.UsersFile == "" {
		return errors.New("no users: set users to a list of user ids, or users_file to a file with one id a line")
	}
	return nil
}

func (a *Auth0) validateTimeout() error {
	switch {
	case a.HTTP.Timeout <= 0:
		return fmt.Errorf("timeout is %v, which would let a request last for ever: set it above 0, as in %v", a.HTTP.Timeout, requestTimeout)
	case a.HTTP.Timeout < time.Millisecond:
		return fmt.Errorf("timeout: %w", hasUnit(a.HTTP.Timeout))
	}
	return nil
}
