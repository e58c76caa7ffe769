package floorreceiver

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"
)

// Config says where the log is.
type Config struct {
	HTTP confighttp.ClientConfig `mapstructure:",squash"`
	// CollectionInterval is the pause after the end of the log was met.
	CollectionInterval time.Duration `mapstructure:"collection_interval"`
	// InitialLookback is how far back the log is read.
	InitialLookback time.Duration `mapstructure:"initial_lookback"`

	_ struct{}
}

// NewFactory makes the factory of the receiver.
func NewFactory() receiver.Factory {
	return receiver.NewFactory(component.MustNewType("floor"),
		func() component.Config {
			return &Config{
				HTTP:               confighttp.NewDefaultClientConfig(),
				CollectionInterval: time.Minute,
				InitialLookback:    24 * time.Hour,
			}
		},
		receiver.WithLogs(newLogs, component.StabilityLevelDevelopment))
}

func newLogs(_ context.Context, set receiver.Settings, cfg component.Config, next consumer.Logs) (receiver.Logs, error) {
	return &floor{set: set, cfg: cfg.(*Config), next: next, codes: codes()}, nil // the factory makes no other configuration
}
