// Package sharedstoreextension lets a built collector keep its cursors in a store of the test that started it.
package sharedstoreextension

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension"

	"github.com/userlog/userlog-otel/internal/sharedstore"
)

// Config says where the store is.
type Config struct {
	Endpoint string `mapstructure:"endpoint"`

	_ struct{}
}

// NewFactory makes the factory of the extension.
func NewFactory() extension.Factory {
	return extension.NewFactory(component.MustNewType("shared_store"),
		func() component.Config { return &Config{} },
		func(_ context.Context, _ extension.Settings, cfg component.Config) (extension.Extension, error) {
			return sharedstore.NewRemoteExtension(cfg.(*Config).Endpoint), nil // the factory makes no other configuration
		},
		component.StabilityLevelDevelopment)
}
