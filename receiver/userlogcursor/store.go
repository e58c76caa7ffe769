// Package userlogcursor shows, resets, exports and imports the cursors that a receiver has stored, while no collector uses
// the storage. It knows cursors by the hash that stands for their logs; which users those are it is told, or does not know.
package userlogcursor

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/userlog/userlog-otel/receiver/internal/checkpoint"
)

// Client is a storage client that can be walked through, such as the file storage's.
type Client interface {
	storage.Client
	storage.Walker
}

// load returns all that a storage holds, by key. It refuses a storage with keys that no receiver writes. Cursors that
// cannot be read are there too, with the reason among the problems.
func load(ctx context.Context, client Client) (all []checkpoint.Stored, problems map[string]error, err error) {
	problems = map[string]error{}
	err = client.Walk(ctx, func(key string, value []byte) ([]*storage.Operation, error) {
		one, err := checkpoint.ReadStored(key, bytes.Clone(value))
		if errors.Is(err, checkpoint.ErrForeignKey) {
			return nil, errors.New("the storage holds something else than cursors of the receiver: is this its file, or was it written by a newer version?")
		}
		if err != nil {
			problems[key] = err
		}
		all = append(all, one)
		return nil, nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("the storage cannot be read: %w", err)
	}
	slices.SortFunc(all, func(a, b checkpoint.Stored) int { return strings.Compare(a.Key, b.Key) })
	return all, problems, nil
}

// fingerprints are the sources that cursors belong to.
func fingerprints(all []checkpoint.Stored) map[string]struct{} {
	set := map[string]struct{}{}
	for _, one := range all {
		if one.Fingerprint != "" {
			set[one.Fingerprint] = struct{}{}
		}
	}
	return set
}
