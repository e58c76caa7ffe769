// Package config is what a user may write under `receivers: user_log:`, with its defaults and its validation. It is
// data only: nothing here opens a file or a connection.
package config

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/confmap"
)

// Config configures one receiver, which reads one source. Several tenants are several receivers.
type Config struct {
	// CollectionInterval is the pause between two reads of the same log.
	CollectionInterval Interval `mapstructure:"collection_interval"`
	// MaxCollectionInterval is the longest pause of a log in which nothing new is found again and again; 0 means that all
	// logs are read at CollectionInterval.
	MaxCollectionInterval Span `mapstructure:"max_collection_interval"`
	// InitialDelay is the time from the start of the collector to the first read.
	InitialDelay Span `mapstructure:"initial_delay"`
	// InitialLookback says how far back a log is read for which no cursor is stored; 0 means from now on.
	InitialLookback Span `mapstructure:"initial_lookback"`
	// Overlap is how far behind the newest entry every read reaches, for entries that the API publishes late.
	Overlap Span `mapstructure:"overlap"`
	// Concurrency is the number of logs that are read at once; by default 4, and 1 for Canvas, which throttles a token
	// for requests side by side.
	Concurrency Count `mapstructure:"concurrency"`
	// Storage is the storage extension that keeps the cursors; without it they live in memory only.
	Storage *component.ID `mapstructure:"storage,omitempty"`
	// K8sLeaderElector is the extension that says when to read, if one of several collectors does; without it the receiver
	// reads all the time.
	K8sLeaderElector *component.ID `mapstructure:"k8s_leader_elector,omitempty"`
	// Shard is the part of the logs that this receiver reads; by default all.
	Shard Shard `mapstructure:"shard"`
	// RetryOnFailure says how a refused delivery is repeated. A max_elapsed_time of 0 means for ever.
	RetryOnFailure configretry.BackOffConfig `mapstructure:"retry_on_failure"`
	// MaxResponseSize bounds an answer of the API, after decompression.
	MaxResponseSize ByteSize `mapstructure:"max_response_size"`
	// Body says what the body of a record is.
	Body Body `mapstructure:"body"`
	// BodyUnredacted says that the body may hold what Privacy leaves out of the attributes, or makes unreadable in them.
	BodyUnredacted bool `mapstructure:"body_unredacted"`
	// GapRecords says whether a gap is told by a record too, beside the warning, the metric and the status.
	GapRecords bool `mapstructure:"gap_records"`
	// Operators are stanza operators, applied to every record before it is handed on.
	Operators Operators `mapstructure:"operators"`
	// Privacy says what is left out of the records, or made unreadable in them.
	Privacy Privacy `mapstructure:"privacy"`
	// Types overrides rows of the provider's code table, or adds codes to it.
	Types map[string]Type `mapstructure:"types"`
	// RateLimit bounds the requests to the API.
	RateLimit RateLimit `mapstructure:"rate_limit"`
	// Auth0 is set if the source is an Auth0 tenant.
	Auth0 *Auth0 `mapstructure:"auth0,omitempty"`
	// KOBIL is set if the source is KOBIL's Digitanium API.
	KOBIL *KOBIL `mapstructure:"kobil,omitempty"`
	// Canvas is set if the source is a Canvas LMS.
	Canvas *Canvas `mapstructure:"canvas,omitempty"`

	_ struct{}
}

// RateLimit bounds what the receiver takes of the API's quota.
type RateLimit struct {
	// RequestsPerSecond is the receiver's own ceiling; 0 means only what the API says.
	RequestsPerSecond Rate `mapstructure:"requests_per_second"`
	// Reserve is the share of the limit that the API advertises which is left to the tenant's other clients.
	Reserve Share `mapstructure:"reserve"`

	_ struct{}
}

// Type says what a code of the source means; what is not set stays as the code table has it.
type Type struct {
	Name     string   `mapstructure:"name"`
	Category Category `mapstructure:"category"`
	Outcome  Outcome  `mapstructure:"outcome"`
	Severity Severity `mapstructure:"severity"`

	_ struct{}
}

// defaultConcurrency keeps a slow log from holding up the others, and is far from what any limit of requests allows.
const defaultConcurrency Count = 4

// NewDefault returns the configuration that applies where the user says nothing.
func NewDefault() *Config {
	retry := configretry.NewDefaultBackOffConfig()
	retry.InitialInterval = time.Second
	retry.MaxElapsedTime = 0 // an entry is never given up
	return &Config{
		CollectionInterval: Interval(time.Minute),
		InitialLookback:    Span(24 * time.Hour),
		Overlap:            Span(10 * time.Minute),
		Concurrency:        defaultConcurrency,
		Shard:              Shard{Count: 1},
		RetryOnFailure:     retry,
		MaxResponseSize:    16 << 20,
		Body:               BodyOriginal,
		GapRecords:         true,
		RateLimit:          RateLimit{Reserve: 0.2},
	}
}

var (
	_ confmap.Unmarshaler = (*Config)(nil)
	_ confmap.Validator   = (*Config)(nil)
)

// blocks are those of the providers.
func (c *Config) blocks() []block {
	return []block{
		blockOf("auth0", &c.Auth0, NewDefaultAuth0),
		blockOf("kobil", &c.KOBIL, NewDefaultKOBIL),
		blockOf("canvas", &c.Canvas, NewDefaultCanvas),
	}
}

// Unmarshal reads the user's settings over the defaults, some of which the chosen provider decides.
func (c *Config) Unmarshal(conf *confmap.Conf) error {
	if err := decode(conf, c, c.blocks()); err != nil {
		return err
	}
	for _, b := range c.blocks() {
		if !conf.IsSet(b.key) {
			continue
		}
		if !b.given {
			b.choose()
		}
		if !conf.IsSet("concurrency") {
			c.Concurrency = b.concurrency()
		}
		if !conf.IsSet("overlap") {
			c.Overlap = b.overlap(c.Overlap)
		}
	}
	return nil
}

// Validate finds what concerns no single key; the types of the keys find the rest.
func (c *Config) Validate() error {
	return inOneLine(c.validateSource(), c.validateIntervals(), c.validateBody())
}

func (c *Config) validateSource() error {
	var all, given []string
	for _, b := range c.blocks() {
		all = append(all, b.key)
		if b.given {
			given = append(given, b.key)
		}
	}
	switch len(given) {
	case 0:
		return errors.New("no source is set: add one of the blocks " + strings.Join(all, ", "))
	case 1:
		return nil
	}
	return fmt.Errorf("more than one source is set: keep one of the blocks %s, and give the others receivers of their own, as in user_log/%s",
		strings.Join(given, ", "), given[1])
}

func (c *Config) validateIntervals() error {
	shortest, longest := time.Duration(c.CollectionInterval), time.Duration(c.MaxCollectionInterval)
	if longest < time.Millisecond || longest >= shortest { // below 1ms it is off, or the key's own type tells
		return nil
	}
	return fmt.Errorf("max_collection_interval is %v, below collection_interval, which is %v: set it to %v or more, or to 0s for none",
		longest, shortest, shortest)
}
