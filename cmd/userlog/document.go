package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/provider/envprovider"
	"go.opentelemetry.io/collector/confmap/provider/fileprovider"
	"go.opentelemetry.io/collector/confmap/provider/yamlprovider"

	"github.com/userlog/userlog-otel/config"
)

// receiverType is the type of the receivers that are looked at.
const receiverType = "user_log"

// document is a collector's configuration, resolved.
type document struct {
	receivers  map[component.ID]*config.Config
	extensions map[component.ID]*confmap.Conf
	// started are the extensions that service::extensions names.
	started map[component.ID]bool
}

// load reads a configuration as the built collector does, from the same kinds of places. Of its receivers and extensions it
// reads those that it knows, and of those finds what `validate` finds.
func load(ctx context.Context, from origin) (document, error) {
	if len(from.files) == 0 {
		return document{}, usagef("which configuration? Name it with --config")
	}
	uris, err := from.uris()
	if err != nil {
		return document{}, err
	}
	conf, err := resolve(ctx, uris)
	if err != nil {
		return document{}, &usageError{err}
	}
	d := document{receivers: map[component.ID]*config.Config{}}
	var errs []error
	receivers, err := section(conf, "receivers")
	if err != nil {
		errs = append(errs, err)
	}
	for id, sub := range receivers {
		if id.Type().String() != receiverType {
			continue
		}
		d.receivers[id] = config.NewDefault()
		if err := sub.Unmarshal(d.receivers[id]); err != nil {
			errs = append(errs, fmt.Errorf("receivers::%s: %w", id, err))
		}
	}
	if errs == nil {
		errs = append(errs, confmap.Validate(map[string]any{"receivers": d.receivers}))
	}
	if d.extensions, err = section(conf, "extensions"); err != nil {
		errs = append(errs, err)
	}
	if d.started, err = started(conf); err != nil {
		errs = append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return document{}, &usageError{fmt.Errorf("the configuration is not valid: %s", strings.TrimSpace(err.Error()))}
	}
	return d, nil
}

func resolve(ctx context.Context, uris []string) (*confmap.Conf, error) {
	resolver, err := confmap.NewResolver(confmap.ResolverSettings{
		URIs:              uris,
		ProviderFactories: []confmap.ProviderFactory{fileprovider.NewFactory(), envprovider.NewFactory(), yamlprovider.NewFactory()},
		DefaultScheme:     "env",
	})
	if err != nil {
		return nil, err
	}
	conf, err := resolver.Resolve(ctx)
	return conf, errors.Join(err, resolver.Shutdown(ctx))
}

// section is a part of a configuration by the ids of its components. What confmap says of one that has another form is left
// out: it quotes the value, which may be a secret.
func section(conf *confmap.Conf, name string) (map[component.ID]*confmap.Conf, error) {
	parts := map[component.ID]*confmap.Conf{}
	all, err := conf.Sub(name)
	if err != nil {
		return nil, fmt.Errorf("%s: must be a block of keys", name)
	}
	for key := range all.ToStringMap() {
		var id component.ID
		if err := id.UnmarshalText([]byte(key)); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if parts[id], err = all.Sub(key); err != nil {
			return nil, fmt.Errorf("%s::%s: must be a block of keys", name, id)
		}
	}
	return parts, nil
}

func started(conf *confmap.Conf) (map[component.ID]bool, error) {
	var service struct {
		Service struct {
			Extensions []component.ID `mapstructure:"extensions"`
		} `mapstructure:"service"`
	}
	if err := conf.Unmarshal(&service, confmap.WithIgnoreUnused()); err != nil {
		return nil, err
	}
	ids := map[component.ID]bool{}
	for _, id := range service.Service.Extensions {
		ids[id] = true
	}
	return ids, nil
}

// only keeps the receivers that are named; none names all.
func (d document) only(names []string) (map[component.ID]*config.Config, error) {
	if len(d.receivers) == 0 {
		return nil, usagef("the configuration has no receiver %s", receiverType)
	}
	if len(names) == 0 {
		return d.receivers, nil
	}
	some := map[component.ID]*config.Config{}
	for _, name := range names {
		id, err := idOf(name)
		if err != nil {
			return nil, err
		}
		cfg, ok := d.receivers[id]
		if !ok {
			return nil, usagef("the configuration has no receiver %s, but %s", id, strings.Join(d.names(), ", "))
		}
		some[id] = cfg
	}
	return some, nil
}

func (d document) names() (names []string) {
	for id := range maps.Keys(d.receivers) {
		names = append(names, id.String())
	}
	slices.Sort(names)
	return names
}

// idOf reads the id of a receiver.
func idOf(name string) (component.ID, error) {
	var id component.ID
	if err := id.UnmarshalText([]byte(name)); err != nil {
		return id, usagef("--receiver %s: %w", name, err)
	}
	if id.Type().String() != receiverType {
		return id, usagef("--receiver %s: it has to be a receiver %s, as in %s/acme", name, receiverType, receiverType)
	}
	return id, nil
}
