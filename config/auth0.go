package config

import (
	"cmp"
	"errors"
	"fmt"

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

	// Tenant says that the one log of the whole tenant is read, instead of the logs of users.
	Tenant bool `mapstructure:"tenant"`
	// Discover is set if the users whose logs are read are found in the tenant.
	Discover *Discover `mapstructure:"discover,omitempty"`
	// Users are the ids of the users whose logs are read; of a tenant's log, those whose entries are kept.
	Users UserIDs `mapstructure:"users"`
	// UsersFile names a file with one id a line, which is read again when it changes.
	UsersFile string `mapstructure:"users_file"`
	// Types says which entries are kept, by their types.
	Types TypeFilter `mapstructure:"types"`
	// PageSize is the number of entries asked for at once; Auth0 gives at most 100.
	PageSize PageSize `mapstructure:"page_size"`

	// unset says that a tenant's users were to come from variables that are empty or not there.
	unset bool

	_ struct{}
}

// Format prints the block without a secret, whatever the verb.
func (a Auth0) Format(f fmt.State, verb rune) {
	type plain Auth0
	formatAsValue(f, verb, plain(a))
}

// NewDefaultAuth0 returns the settings that apply where the user says nothing.
func NewDefaultAuth0() *Auth0 { return &Auth0{HTTP: newDefaultHTTP(), PageSize: 100} }

func (*Auth0) required() []string {
	return []string{"page_size", "timeout", "tenant", "types", "types::include", "types::exclude", "discover::interval", "discover::last_login"}
}

func (*Auth0) concurrency() Count { return defaultConcurrency }

// overlap is none for the tenant's log, which Auth0 keeps in the order of arrival.
func (a *Auth0) overlap(usual Span) Span {
	if a != nil && a.Tenant {
		return 0
	}
	return usual
}

// Client returns what the block says as those of other providers do, with the defaults of TokenURL and Audience.
func (a *Auth0) Client() Client {
	c := Client{
		HTTP: a.HTTP, Endpoint: a.Endpoint, ProxyURL: a.ProxyURL,
		Token: a.Token, ClientID: a.ClientID, ClientSecret: a.ClientSecret,
	}
	if a.ClientID != nil {
		c.TokenURL = cmp.Or(a.TokenURL, TokenURL(a.Endpoint.join("oauth/token")))
		c.Audience = cmp.Or(a.Audience, a.Endpoint.join("api/v2/")) // the slash at the end belongs to it
	}
	return c
}

var (
	_ confmap.Unmarshaler = (*Auth0)(nil)
	_ confmap.Validator   = (*Auth0)(nil)
)

// Unmarshal reads the user's settings over the defaults.
func (a *Auth0) Unmarshal(conf *confmap.Conf) error {
	*a = *NewDefaultAuth0()
	if err := conf.Unmarshal(a); err != nil {
		return err
	}
	a.HTTP.ProxyURL = ""
	a.Token = orEmpty(conf, "token", a.Token)
	a.ClientID = orEmpty(conf, "client_id", a.ClientID)
	a.ClientSecret = orEmpty(conf, "client_secret", a.ClientSecret)
	a.unset = a.Tenant && len(a.Users) == 0 && a.UsersFile == "" && (isBlank(conf, "users") || isBlank(conf, "users_file"))
	if a.Discover == nil && conf.IsSet("discover") { // a block without keys finds all users
		a.Discover = NewDefaultDiscover()
	}
	return nil
}

// Validate finds what concerns several keys of the block, or a key of the client.
func (a *Auth0) Validate() error {
	return inOneLine(a.validateCredentials(), a.validateUsers(), validateTimeout(a.HTTP.Timeout))
}

func (a *Auth0) validateCredentials() error {
	err := a.Client().validateCredentials("token, or client_id with client_secret, or auth with an authenticator extension")
	if err == nil && a.ClientID == nil && (a.TokenURL != "" || a.Audience != "") {
		return errors.New("token_url and audience have no effect without client_id: remove them, or add client_id with client_secret")
	}
	return err
}

// validateUsers finds what is wrong with the choice of logs.
func (a *Auth0) validateUsers() error {
	listed := len(a.Users) > 0 || a.UsersFile != ""
	switch {
	case a.Tenant && a.Discover != nil:
		return errors.New("tenant and discover are set: the log of the tenant holds the entries of all users, so remove discover")
	case a.unset:
		return errors.New("users and users_file are empty, which would keep the entries of all users: is the environment variable set? Remove them to keep all")
	case !a.Tenant && !a.Types.empty():
		return errors.New("types chooses from the log of the tenant, and tenant is not set: set it to true, or use an operator of type filter")
	case a.Discover != nil && listed:
		return errors.New("users are listed and discover is set: keep one of users (with users_file) and discover")
	case !a.Tenant && a.Discover == nil && !listed:
		return errors.New("no logs: set tenant to true, users to a list of user ids, users_file to a file with one id a line, or discover")
	}
	return nil
}
