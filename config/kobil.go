package config

import (
	"errors"
	"fmt"
	"strings"

	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/confmap"
)

// KOBIL configures the reading of user logs from KOBIL's Digitanium API.
type KOBIL struct {
	// HTTP is the client as everywhere in the Collector. Its endpoint is the same as Endpoint.
	HTTP confighttp.ClientConfig `mapstructure:",squash"`
	// Endpoint is the installation's origin: https://TENANT.HOST for SSMS, https://HOST for SHIFT.
	Endpoint Endpoint `mapstructure:"endpoint"`
	// ProxyURL is the client's proxy, which HTTP does not hold, as in Auth0.
	ProxyURL ProxyURL `mapstructure:"proxy_url,omitempty"`

	// Product says which paths the API has. It has no default, because nothing else tells the two apart.
	Product Product `mapstructure:"product"`
	// TenantID is the tenant. SHIFT has it in the path of a request; SSMS has it in the host, and needs none here.
	TenantID TenantID `mapstructure:"tenant_id"`
	// Path is set where an installation spells the path of a user's logs otherwise than its product does.
	Path PathTemplate `mapstructure:"path"`

	// Token is a token of the realm. Such tokens last 300 seconds: for trying things.
	Token *Secret `mapstructure:"token,omitempty"`
	// ClientID and ClientSecret are those of a client of the realm that may read user logs.
	ClientID     *ClientID `mapstructure:"client_id,omitempty"`
	ClientSecret *Secret   `mapstructure:"client_secret,omitempty"`
	// TokenURL is the realm's token endpoint, which ends with /protocol/openid-connect/token. It has no default, because
	// the realm may live on another host than the API.
	TokenURL TokenURL `mapstructure:"token_url"`

	// Users are the names of the users whose logs are read. They are text: a number without quotes is refused, because
	// YAML drops its plus and its leading zeros, and another user's log would be read.
	Users UserIDs `mapstructure:"users"`
	// UsersFile names a file with one name a line, which is read again when it changes.
	UsersFile string `mapstructure:"users_file"`
	// PageSize is the number of entries asked for at once, the API's limit.
	PageSize RowLimit `mapstructure:"page_size"`

	_ struct{}
}

// Format prints the block without a secret, whatever the verb.
func (k KOBIL) Format(f fmt.State, verb rune) {
	type plain KOBIL
	formatAsValue(f, verb, plain(k))
}

// NewDefaultKOBIL returns the settings that apply where the user says nothing.
func NewDefaultKOBIL() *KOBIL { return &KOBIL{HTTP: newDefaultHTTP(), PageSize: 100} }

func (*KOBIL) required() []string { return []string{"page_size", "timeout"} }

func (*KOBIL) concurrency() Count { return defaultConcurrency }

func (*KOBIL) overlap(usual Span) Span { return usual }

// Client returns what the block says as those of other providers do.
func (k *KOBIL) Client() Client {
	return Client{
		HTTP: k.HTTP, Endpoint: k.Endpoint, ProxyURL: k.ProxyURL,
		Token: k.Token, ClientID: k.ClientID, ClientSecret: k.ClientSecret, TokenURL: k.TokenURL,
	}
}

var (
	_ confmap.Unmarshaler = (*KOBIL)(nil)
	_ confmap.Validator   = (*KOBIL)(nil)
)

// Unmarshal reads the user's settings over the defaults.
func (k *KOBIL) Unmarshal(conf *confmap.Conf) error {
	if err := spellOut[UserID](conf, "users"); err != nil {
		return err
	}
	*k = *NewDefaultKOBIL()
	if err := conf.Unmarshal(k); err != nil {
		return err
	}
	k.HTTP.ProxyURL = ""
	k.Token = orEmpty(conf, "token", k.Token)
	k.ClientID = orEmpty(conf, "client_id", k.ClientID)
	k.ClientSecret = orEmpty(conf, "client_secret", k.ClientSecret)
	return nil
}

// Validate finds what concerns several keys of the block, or a key of the client.
func (k *KOBIL) Validate() error {
	return inOneLine(k.validateCredentials(), k.validateTenant(), k.validateUsers(), validateTimeout(k.HTTP.Timeout))
}

func (k *KOBIL) validateCredentials() error {
	err := k.Client().validateCredentials("token, or client_id with client_secret and token_url, or auth with an authenticator extension")
	switch {
	case err != nil:
		return err
	case k.ClientID == nil && k.TokenURL != "":
		return errors.New("token_url has no effect without client_id: remove it, or add client_id with client_secret")
	case k.ClientID != nil && k.TokenURL == "":
		return errors.New("client_id needs token_url, which is missing or empty: set it to the token endpoint of the realm, which ends with /protocol/openid-connect/token")
	}
	return nil
}

func (k *KOBIL) validateTenant() error {
	switch {
	case k.TenantID != "":
		return nil
	case k.Product == ProductSHIFT:
		return errors.New("product shift needs tenant_id, which is missing or empty: set it to the id of the tenant")
	case strings.Contains(string(k.Path), tenantIDPlace):
		return errors.New("path holds " + tenantIDPlace + ", but tenant_id is missing or empty: set it to the id of the tenant")
	}
	return nil
}

func (k *KOBIL) validateUsers() error {
	if len(k.Users) == 0 && k.UsersFile == "" {
		return errors.New("no users: set users to a list of user names, or users_file to a file with one name a line")
	}
	return nil
}
