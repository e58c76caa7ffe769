package main

import (
	"context"
	"errors"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/filestorage"
	"github.com/spf13/cobra"
	"go.opentelemetry.io/collector/component"

	"github.com/userlog/userlog-otel/receiver/userlogcursor"
)

func cursorCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "cursor",
		Short: "Show, reset, export or import the cursors of a stopped collector",
		Long: `Show, reset, export or import the cursors that a receiver keeps in a file storage.

Whose cursors are meant say --config and, if it has several receivers, --receiver; or
--storage, the directory of the file storage, and --receiver. The collector has to be
stopped: while it runs, the storage is in use.`,
		Args: usageArgs(cobra.NoArgs),
		RunE: whichCommand,
	}
	c.AddCommand(showCommand(), resetCommand(), exportCommand(), importCommand())
	return c
}

// place says whose cursors are meant.
type place struct {
	from     origin
	storage  string
	receiver string
}

func (p *place) register(c *cobra.Command) {
	p.from.register(c)
	f := c.Flags()
	f.StringVar(&p.storage, "storage", "", "directory of the file storage; by default the one of the configuration")
	f.StringVar(&p.receiver, "receiver", "", "receiver, as in user_log/acme")
}

// found is what a place leads to.
type found struct {
	id     component.ID
	dir    string
	source *userlogcursor.Source // nil without a configuration
}

// fingerprint is what the cursors should answer to; empty if nobody knows.
func (f found) fingerprint() string {
	if f.source == nil {
		return ""
	}
	return f.source.Fingerprint
}

func (p *place) find(ctx context.Context) (found, error) {
	if len(p.from.files) == 0 {
		if p.storage == "" || p.receiver == "" {
			return found{}, usagef("whose cursors? Name the configuration with --config, or the storage and the receiver with --storage and --receiver")
		}
		id, err := idOf(p.receiver)
		return found{id: id, dir: p.storage}, err
	}
	d, err := load(ctx, p.from)
	if err != nil {
		return found{}, err
	}
	var names []string
	if p.receiver != "" {
		names = []string{p.receiver}
	}
	some, err := d.only(names)
	if err != nil {
		return found{}, err
	}
	if len(some) > 1 {
		return found{}, usagef("the configuration has several receivers: name one of %v with --receiver", d.names())
	}
	f := found{dir: p.storage}
	for id, cfg := range some {
		f.id = id
		if f.dir == "" {
			if f.dir, err = d.directory(id, cfg.Storage); err != nil {
				return found{}, err
			}
		}
		if f.source, err = userlogcursor.SourceOf(ctx, id, cfg); err != nil {
			return found{}, err
		}
	}
	return f, nil
}

// directory is that of the file storage which a receiver names.
func (d document) directory(receiver component.ID, extension *component.ID) (string, error) {
	factory := filestorage.NewFactory()
	switch {
	case extension == nil:
		return "", usagef("receivers::%s::storage is not set: its cursors are stored nowhere", receiver)
	case extension.Type() != factory.Type():
		return "", usagef("receivers::%s::storage is %s: only file storages can be opened", receiver, extension)
	case d.extensions[*extension] == nil:
		return "", usagef("extensions::%s is not there", extension)
	}
	cfg := factory.CreateDefaultConfig().(*filestorage.Config)
	if err := d.extensions[*extension].Unmarshal(cfg); err != nil {
		return "", usagef("extensions::%s: %w", extension, err)
	}
	return cfg.Directory, nil
}

// with opens the storage for as long as something is done with it.
func (f found) with(ctx context.Context, create bool, do func(userlogcursor.Client) error) (err error) {
	client, err := openStorage(ctx, f.dir, f.id, create)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, client.Close(ctx)) }()
	return do(client)
}
