package main

import (
	"errors"
	"io/fs"
	"os"
	"runtime/debug"

	"go.etcd.io/bbolt"
	bbolterrors "go.etcd.io/bbolt/errors"
)

// readable reads all of a storage's file, and changes nothing. Whoever opens one to write without it may come to a sudden
// end: bbolt maps the file into memory, checks next to nothing, and looks at its pages from a goroutine of its own, where
// nobody can catch a fault (bbolt v1.5.0, DB.freepages).
func readable(path string) error {
	err := guarded(func() error {
		db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, Timeout: lockTimeout})
		if err != nil {
			return err
		}
		defer db.Close()
		return db.View(func(tx *bbolt.Tx) error {
			if info, err := os.Stat(path); err != nil || info.Size() < tx.Size() {
				return errors.Join(errDamaged, err)
			}
			return tx.ForEach(func(_ []byte, bucket *bbolt.Bucket) error {
				return bucket.ForEach(func(_, _ []byte) error { return nil })
			})
		})
	})
	var opening *fs.PathError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, bbolterrors.ErrTimeout):
		return errInUse
	case errors.As(err, &opening) && opening.Op == "open": // such as a missing right, which tells nothing of the file
		return err
	}
	return errDamaged
}

// guarded makes a panic over a damaged file an error.
func guarded(do func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if recover() != nil {
			err = errDamaged
		}
	}()
	return do()
}
