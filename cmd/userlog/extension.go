package main

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/bearertokenauthextension"
	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/oauth2clientauthextension"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/pdata/pcommon"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	tracenoop "go.opentelemetry.io/otel/trace/noop"
	"go.uber.org/zap"
)

// build names this program to the operators of APIs.
func build() component.BuildInfo {
	info := component.BuildInfo{Command: "userlog", Version: "(devel)"}
	if read, ok := debug.ReadBuildInfo(); ok && read.Main.Version != "" {
		info.Version = read.Main.Version
	}
	return info
}

// settings are those of an extension that is seen and heard by nobody.
func settings(id component.ID) extension.Settings {
	return extension.Settings{ID: id, BuildInfo: build(), TelemetrySettings: component.TelemetrySettings{
		Logger: zap.NewNop(), TracerProvider: tracenoop.NewTracerProvider(), MeterProvider: metricnoop.NewMeterProvider(),
		Resource: pcommon.NewResource(),
	}}
}

// authenticator starts the authenticator extension with an id. It knows those that the built collector has.
func (d document) authenticator(ctx context.Context, id component.ID) (component.Component, error) {
	conf, ok := d.extensions[id]
	if !ok || !d.started[id] {
		return nil, fmt.Errorf("extension %q is not there: add it under extensions and service::extensions", id)
	}
	for _, factory := range []extension.Factory{bearertokenauthextension.NewFactory(), oauth2clientauthextension.NewFactory()} {
		if factory.Type() != id.Type() {
			continue
		}
		made, err := newExtension(ctx, factory, id, conf)
		if err != nil {
			return nil, fmt.Errorf("extensions::%s: %w", id, err)
		}
		return made, made.Start(ctx, nothing{})
	}
	return nil, fmt.Errorf("extension %q is of a type that this program does not know: try with token, or client_id and client_secret", id)
}

func newExtension(ctx context.Context, factory extension.Factory, id component.ID, conf *confmap.Conf) (extension.Extension, error) {
	cfg := factory.CreateDefaultConfig()
	if err := conf.Unmarshal(cfg); err != nil {
		return nil, err
	}
	if err := confmap.Validate(cfg); err != nil {
		return nil, err
	}
	return factory.Create(ctx, settings(id), cfg)
}

// nothing is a host without extensions.
type nothing struct{}

func (nothing) GetExtensions() map[component.ID]component.Component { return nil }
