package config

import (
	"errors"
	"fmt"

	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/confmap"
)

// Canvas configures the reading of the authentications log of a Canvas LMS.
type Canvas struct {
	// HTTP is the client as everywhere in the Collector. Its endpoint is the same as Endpoint.
	HTTP confighttp.ClientConfig `mapstructure:",squash"`
	// Endpoint is the installation's origin: https://HOST.
	Endpoint Endpoint `mapstructure:"endpoint"`
	// ProxyURL is the client's proxy, which HTTP does not hold, as in Auth0.
	ProxyURL ProxyURL `mapstructure:"proxy_url,omitempty"`

	// Token is an access token of a user with one of the permissions "View statistics" (view_statistics) and "Manage
	// login details" (manage_user_logins) in the root account.
	Token *Secret `mapstructure:"token,omitempty"`

	// Users, Accounts and Logins are the ids whose logs are read. Accounts must be root accounts; Canvas answers for a
	// sub-account that there is none. An event that comes through two of them is delivered once.
	Users    CanvasIDs `mapstructure:"users"`
	Accounts CanvasIDs `mapstructure:"accounts"`
	Logins   CanvasIDs `mapstructure:"logins"`
	// UsersFile names a file with one id of a user a line, which is read again when it changes.
	UsersFile string `mapstructure:"users_file"`
	// PageSize is the number of events asked for at once; Canvas gives at most 100 (MAX_PER_PAGE in its lib/api.rb).
	PageSize PageSize `mapstructure:"page_size"`
	// LoginsPath is what the installation calls logins in its paths.
	LoginsPath LoginsPath `mapstructure:"logins_path"`

	_ struct{}
}

// Format prints the block without a secret, whatever the verb.
func (c Canvas) Format(f fmt.State, verb rune) {
	type plain Canvas
	formatAsValue(f, verb, plain(c))
}

// NewDefaultCanvas returns the settings that apply where the user says nothing.
func NewDefaultCanvas() *Canvas {
	return &Canvas{HTTP: newDefaultHTTP(), PageSize: 100, LoginsPath: LoginsPathLogins}
}

func (*Canvas) required() []string { return []string{"page_size", "timeout"} }

// concurrency is 1, because Canvas charges a token up front for each running request (RequestThrottle: 50 of 600, given
// back when it ends), so that requests side by side are throttled long before the same ones in a row.
func (*Canvas) concurrency() Count { return 1 }

func (*Canvas) overlap(usual Span) Span { return usual }

// Client returns what the block says as those of other providers do.
func (c *Canvas) Client() Client {
	return Client{HTTP: c.HTTP, Endpoint: c.Endpoint, ProxyURL: c.ProxyURL, Token: c.Token}
}

var (
	_ confmap.Unmarshaler = (*Canvas)(nil)
	_ confmap.Validator   = (*Canvas)(nil)
)

// Unmarshal reads the user's settings over the defaults.
func (c *Canvas) Unmarshal(conf *confmap.Conf) error {
	if err := spellOut[CanvasID](conf, "users", "accounts", "logins"); err != nil {
		return err
	}
	*c = *NewDefaultCanvas()
	if err := conf.Unmarshal(c); err != nil {
		return err
	}
	c.HTTP.ProxyURL = ""
	c.Token = orEmpty(conf, "token", c.Token)
	return nil
}

// Validate finds what concerns several keys of the block, or a key of the client.
func (c *Canvas) Validate() error {
	return inOneLine(
		c.Client().validateCredentials("token, or auth with an authenticator extension"),
		c.validateSubjects(), validateTimeout(c.HTTP.Timeout))
}

func (c *Canvas) validateSubjects() error {
	if len(c.Users)+len(c.Accounts)+len(c.Logins) == 0 && c.UsersFile == "" {
		return errors.New("nothing to read: set users, accounts or logins to a list of ids, or users_file to a file with one id of a user a line")
	}
	return nil
}

// LoginsPath is the segment of a path that stands before the id of a login.
type LoginsPath string

const (
	// LoginsPathLogins is what Canvas calls them today.
	LoginsPathLogins LoginsPath = "logins"
	// LoginsPathPseudonyms is what it called them when the log was new.
	LoginsPathPseudonyms LoginsPath = "pseudonyms"
)

// Validate refuses what Canvas never had.
func (p LoginsPath) Validate() error {
	if p == "" {
		return errEmpty
	}
	return oneOf(string(p), string(LoginsPathLogins), string(LoginsPathPseudonyms))
}
