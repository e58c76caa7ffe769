package userlogcursor

import (
	"context"
	"errors"
	"fmt"
	"io"

	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/userlog/userlog-otel/receiver/internal/checkpoint"
)

// Export writes all that is stored, and returns how many cursors that are. It refuses cursors that cannot be read: an
// import of them would be refused, too.
func Export(ctx context.Context, client Client, receiver string, w io.Writer) (cursors int, err error) {
	all, problems, err := load(ctx, client)
	if err != nil {
		return 0, err
	}
	for _, one := range all {
		if err := problems[one.Key]; err != nil {
			return 0, fmt.Errorf("log %s: %w: reset it first", one.Log, err)
		}
		if one.Log != "" {
			cursors++
		}
	}
	return cursors, write(w, receiver, all)
}

// Imported is what an import stores.
type Imported struct {
	// Cursors counts all cursors, Replaced those in whose place another one was.
	Cursors, Replaced int
}

// errForeign is the refusal of cursors that the receiver would not use.
var errForeign = errors.New("the export is of another source (another system, endpoint or tenant), whose cursors the receiver would set aside: import it where the configuration has the same endpoint")

// Import stores what Export wrote: all of it, or nothing if the storage fails. It refuses cursors of another source than
// the fingerprint says or, if that is empty, than those that are stored belong to. If it is only to be tried, nothing is
// stored, and the client may be nil for a storage that is not there yet.
func Import(ctx context.Context, client Client, fingerprint string, r io.Reader, try bool) (Imported, error) {
	all, err := read(r)
	if err != nil {
		return Imported{}, err
	}
	var old []checkpoint.Stored
	if client != nil {
		if old, _, err = load(ctx, client); err != nil {
			return Imported{}, err
		}
	}
	allowed := fingerprints(old)
	if fingerprint != "" {
		allowed = map[string]struct{}{fingerprint: {}}
	}
	for of := range fingerprints(all) {
		if _, ok := allowed[of]; !ok && len(allowed) > 0 {
			return Imported{}, errForeign
		}
	}
	known := make(map[string]struct{}, len(old))
	for _, one := range old {
		known[one.Key] = struct{}{}
	}
	var result Imported
	writes := make([]*storage.Operation, len(all))
	for i, one := range all {
		writes[i] = storage.SetOperation(one.Key, one.Value)
		if one.Log == "" {
			continue
		}
		result.Cursors++
		if _, ok := known[one.Key]; ok {
			result.Replaced++
		}
	}
	if try {
		return result, nil
	}
	if err := client.Batch(ctx, writes...); err != nil {
		return Imported{}, fmt.Errorf("nothing was imported: %w", err)
	}
	return result, nil
}
