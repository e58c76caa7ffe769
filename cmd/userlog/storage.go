package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/filestorage"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/userlog/userlog-otel/receiver/userlogcursor"
)

// lockTimeout is how long to wait for whoever has the file open. A collector has it for as long as it runs.
const lockTimeout = 500 * time.Millisecond

var (
	errInUse   = errors.New("the file is in use: stop the collector first")
	errDamaged = errors.New("the file is damaged: move it away, and every log is read again from initial_lookback")
)

// errNone is the error of a storage that is to be there.
type errNone struct{ text string }

func (e *errNone) Error() string { return e.text }

// openStorage opens what the file storage keeps for a receiver in a directory. Unless it is to be made, it has to be there.
func openStorage(ctx context.Context, dir string, id component.ID, create bool) (userlogcursor.Client, error) {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("%s is no directory: make it first, as the user of the collector", dir)
	}
	name, err := fileOf(ctx, id)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, name)
	switch err := readable(path); {
	case errors.Is(err, fs.ErrNotExist) && !create:
		return nil, &errNone{fmt.Sprintf("%s holds no cursors of %s%s", dir, id, others(dir))}
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	client, err := openIn(ctx, dir, id)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return client, nil
}

// openIn lets the file storage extension open its file. It is as safe as the disk is: nobody waits for a thousand writes.
func openIn(ctx context.Context, dir string, id component.ID) (client userlogcursor.Client, err error) {
	factory := filestorage.NewFactory()
	cfg := factory.CreateDefaultConfig().(*filestorage.Config)
	cfg.Directory, cfg.Timeout, cfg.FSync, cfg.CreateDirectory = dir, lockTimeout, true, false
	made, err := factory.Create(ctx, settings(component.NewID(factory.Type())), cfg)
	if err != nil {
		return nil, err
	}
	found, err := made.(storage.Extension).GetClient(ctx, component.KindReceiver, id, "")
	if err != nil {
		return nil, err
	}
	return found.(userlogcursor.Client), nil
}

// fileOf is the name of the file that the file storage keeps for a receiver, which only it knows: so it makes one elsewhere.
func fileOf(ctx context.Context, id component.ID) (string, error) {
	dir, err := os.MkdirTemp("", "userlog-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	client, err := openIn(ctx, dir, id)
	if err != nil {
		return "", err
	}
	if err := client.Close(ctx); err != nil {
		return "", err
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		return "", errors.Join(errors.New("the file storage makes no file"), err)
	}
	return files[0].Name(), nil
}

// others says whose files there are instead.
func others(dir string) string {
	files, _ := filepath.Glob(filepath.Join(dir, "receiver_"+receiverType+"_*")) // of a fixed pattern: cannot fail
	if len(files) == 0 {
		return ": is it the directory of the file storage?"
	}
	for i, file := range files {
		files[i] = filepath.Base(file)
	}
	return ", but the files " + strings.Join(files, ", ") + ": is the receiver's name right?"
}
