package sharedstore

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// longestKey is what memcached takes, which takes the least (memcached, doc/protocol.txt).
const longestKey = 250

// word is what can be part of a table's name, unquoted, as dbstorage makes it of the component and the storage's name.
var word = regexp.MustCompile(`^[A-Za-z0-9_]*$`)

// checkName refuses what cannot name a table.
func checkName(id component.ID, name string) error {
	if !word.MatchString(id.Name()) || !word.MatchString(name) {
		return fmt.Errorf("a client of %q named %q: a table cannot be called so", id, name)
	}
	return nil
}

// checkKey refuses keys that some storage cannot hold, and those without a slash in front: a prefix that is configured for
// redis_storage stands before them without anything between.
func checkKey(key string) error {
	switch {
	case key == "":
		return errors.New("an empty key")
	case !utf8.ValidString(key) || strings.ContainsRune(key, 0):
		return fmt.Errorf("key %q is no text", key)
	case !strings.HasPrefix(key, "/"):
		return fmt.Errorf("key %q runs into a prefix", key)
	case len(key) > longestKey:
		return fmt.Errorf("key %q is too long", key)
	}
	return nil
}

// checkValue refuses what a column of text cannot hold.
func checkValue(key string, value []byte) error {
	switch {
	case len(value) == 0:
		return fmt.Errorf("an empty value under %q: some give it back as none", key)
	case !utf8.Valid(value) || bytes.ContainsRune(value, 0):
		return fmt.Errorf("the value under %q is no text", key)
	}
	return nil
}

// checkBatch refuses batches that are empty, and operations that were used before or contradict each other.
func checkBatch(ops []*storage.Operation) error {
	if len(ops) == 0 {
		return errors.New("an empty batch")
	}
	seen := map[string]storage.OpType{}
	for _, op := range ops {
		if op == nil {
			return errors.New("no operation")
		}
		if err := checkKey(op.Key); err != nil {
			return err
		}
		if before, twice := seen[op.Key]; twice {
			return fmt.Errorf("key %q twice in a batch, as operations %d and %d: their order is not kept by all", op.Key, before, op.Type)
		}
		seen[op.Key] = op.Type
		if err := checkOperation(op); err != nil {
			return err
		}
	}
	return nil
}

func checkOperation(op *storage.Operation) error {
	switch op.Type {
	case storage.Set:
		return checkValue(op.Key, op.Value)
	case storage.Get, storage.Delete:
		if op.Value != nil {
			return fmt.Errorf("the operation for %q was used before", op.Key)
		}
		return nil
	}
	return fmt.Errorf("operation %d is none", op.Type)
}
