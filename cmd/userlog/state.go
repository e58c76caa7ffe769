package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/filestorage"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"

	"github.com/userlog/userlog-otel/receiver/userlogcheck"
)

// storage says in what state the storage of a receiver is. It leaves everything as it is.
func (d document) storage(receiver, extension component.ID) (userlogcheck.State, string) {
	conf, ok := d.extensions[extension]
	if !ok || !d.started[extension] {
		return userlogcheck.Fail, fmt.Sprintf("extension %q is not there: add it under extensions and service::extensions", extension)
	}
	if extension.Type() != filestorage.NewFactory().Type() {
		return userlogcheck.Note, fmt.Sprintf("%s: not looked at, which only file storages are", extension)
	}
	cfg := filestorage.NewFactory().CreateDefaultConfig().(*filestorage.Config)
	if err := errors.Join(conf.Unmarshal(cfg)); err != nil {
		return userlogcheck.Fail, fmt.Sprintf("extensions::%s: %v", extension, err)
	}
	if err := confmap.Validate(cfg); err != nil {
		return userlogcheck.Fail, fmt.Sprintf("extensions::%s: %v", extension, err)
	}
	if _, err := os.Stat(cfg.Directory); errors.Is(err, fs.ErrNotExist) {
		return willBeMade(cfg.Directory)
	}
	if err := writable(cfg.Directory); err != nil {
		return userlogcheck.Fail, fmt.Sprintf("this user cannot write into %s: can the collector's?", cfg.Directory)
	}
	name, err := fileOf(context.Background(), receiver)
	if err != nil {
		return userlogcheck.Fail, err.Error()
	}
	return stateOf(cfg.Directory, filepath.Join(cfg.Directory, name))
}

// willBeMade is the state of a directory that the file storage makes when it starts.
func willBeMade(dir string) (userlogcheck.State, string) {
	above := dir
	for {
		above = filepath.Dir(above)
		if _, err := os.Stat(above); err == nil || above == filepath.Dir(above) {
			break
		}
	}
	if writable(above) != nil {
		return userlogcheck.Fail, fmt.Sprintf("this user cannot make the directory %s: can the collector's?", dir)
	}
	return userlogcheck.OK, dir + " will be made"
}

// writable tries to write a file.
func writable(dir string) error {
	f, err := os.CreateTemp(dir, ".userlog-check-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// stateOf is the state of a receiver's file.
func stateOf(dir, path string) (userlogcheck.State, string) {
	switch err := readable(path); {
	case err == nil:
		return userlogcheck.OK, dir + " is writable; it holds cursors of this receiver"
	case errors.Is(err, fs.ErrNotExist):
		return userlogcheck.OK, dir + " is writable; it holds no cursors of this receiver yet"
	case errors.Is(err, errInUse):
		return userlogcheck.OK, dir + " is in use, by a collector that runs"
	case errors.Is(err, fs.ErrPermission):
		return userlogcheck.Fail, fmt.Sprintf("this user cannot read %s: can the collector's?", path)
	default:
		return userlogcheck.Fail, fmt.Sprintf("%s: %v", path, err)
	}
}
