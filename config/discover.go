package config

import (
	"fmt"
	"time"

	"go.opentelemetry.io/collector/confmap"
)

// Discover says which of a tenant's users have their logs read.
type Discover struct {
	// Query narrows the users down, in the syntax of Auth0's user search, as in email.domain:"example.com".
	Query *UserQuery `mapstructure:"query,omitempty"`
	// Connection narrows them down to those of one connection, by its name.
	Connection *ConnectionName `mapstructure:"connection,omitempty"`
	// LastLogin narrows them down to those who logged in within this time; 0 means all.
	LastLogin Span `mapstructure:"last_login"`
	// Interval is the pause between two listings.
	Interval Interval `mapstructure:"interval"`

	_ struct{}
}

// NewDefaultDiscover returns the settings that apply where the user says nothing: all users, listed every hour, because
// Auth0 asks not to poll its user search.
func NewDefaultDiscover() *Discover { return &Discover{Interval: Interval(time.Hour)} }

var (
	_ confmap.Unmarshaler = (*Discover)(nil)
	_ confmap.Validator   = (*Discover)(nil)
)

// Unmarshal reads the user's settings over the defaults. A key without a value would be read as one that does not narrow
// the users down.
func (d *Discover) Unmarshal(conf *confmap.Conf) error {
	*d = *NewDefaultDiscover()
	if err := conf.Unmarshal(d); err != nil {
		return err
	}
	d.Query = orEmpty(conf, "query", d.Query)
	d.Connection = orEmpty(conf, "connection", d.Connection)
	return nil
}

// Validate finds a window of time that users can slip through.
func (d *Discover) Validate() error {
	if d.LastLogin > 0 && time.Duration(d.LastLogin) < time.Duration(d.Interval) {
		return fmt.Errorf("last_login %v is shorter than interval %v: users who log in between two listings would not be found",
			time.Duration(d.LastLogin), time.Duration(d.Interval))
	}
	return nil
}
