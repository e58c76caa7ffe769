// Package checkpoint keeps the cursors of a receiver's logs in memory and in a storage extension.
//
// A cursor is saved when its entries were accepted, and Save returns when the storage has it. Several logs that are
// saved at the same time are written in one batch, because with the file storage a batch costs little more than a
// single write.
package checkpoint

import (
	"context"
	"sync"

	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// batchSize is the number of keys that are read or written at once: with the file storage, a batch of a thousand costs
// a third per key of what a single write does.
const batchSize = 1000

// Store keeps cursors. It is safe for concurrent use.
type Store struct {
	client      storage.Client
	fingerprint string

	adding sync.Mutex // held while subjects are added
	opened bool       // the sentinel is in the storage

	writing chan struct{} // holds one element while a batch is written

	mu      sync.Mutex // never held over a call of the client
	cursors map[source.Subject]source.Cursor
	dirty   map[source.Subject]struct{} // not yet in the storage
	taken   map[source.Subject]struct{} // being written
	leaving map[source.Subject]struct{} // to be forgotten once they are in the storage
	newer   map[source.Subject]error    // not read, because a newer version wrote their cursors
	behind  bool                        // the last write failed
}

// New makes a store over a storage client; without one (nil) it keeps the cursors in memory only. The fingerprint says
// what the cursors answer to, such as the API's origin: a stored cursor with another fingerprint belongs to another log
// of the same name and is not used.
func New(client storage.Client, fingerprint string) *Store {
	return &Store{
		client:      client,
		fingerprint: fingerprint,
		writing:     make(chan struct{}, 1),
		cursors:     map[source.Subject]source.Cursor{},
		dirty:       map[source.Subject]struct{}{},
		leaving:     map[source.Subject]struct{}{},
		newer:       map[source.Subject]error{},
	}
}

// Load returns the cursor of a subject that was added. If an earlier Save failed, of whatever subject, it is made good
// first: as long as the storage does not take what was accepted, nothing more is read, so that a crash repeats no more
// than what was under way when the storage failed.
//
// Of a log whose cursor a newer version wrote the error wraps ErrNewerVersion: it waits, and the others go on.
func (s *Store) Load(ctx context.Context, subject source.Subject) (source.Cursor, error) {
	s.mu.Lock()
	cursor, newer := s.cursors[subject], s.newer[subject]
	pending := len(s.dirty) > 0 || s.behind // which tells of those that are being written once more
	s.mu.Unlock()
	switch {
	case newer != nil:
		return "", newer
	case pending:
		return cursor, s.flush(ctx, callTimeout)
	}
	return cursor, nil
}

// Cursor returns the present cursor of a subject, false if it is not read. It may not be stored yet; but what it claims
// is true.
func (s *Store) Cursor(subject source.Subject) (source.Cursor, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	cursor, ok := s.cursors[subject]
	return cursor, ok
}

// Renew takes all cursors out of the memory, so that Add loads them anew: others may have moved them in the storage. What
// could not be stored is given up, and comes again. Without a storage the memory is all there is, and nothing changes. It
// is for the time in which no other method is called.
func (s *Store) Renew() {
	if s.client == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opened, s.behind, s.taken = false, false, nil
	s.cursors, s.dirty = map[source.Subject]source.Cursor{}, map[source.Subject]struct{}{}
	s.leaving, s.newer = map[source.Subject]struct{}{}, map[source.Subject]error{}
}

// Forget takes the cursor of a subject that is no longer read out of the memory, once it is stored. The storage keeps
// it: if the subject is added again, its log goes on from there. Without a storage the memory is all there is, and
// nothing is forgotten.
func (s *Store) Forget(subject source.Subject) {
	if s.client == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop(subject)
}

// drop forgets a cursor, or has it forgotten later. The lock must be held.
func (s *Store) drop(subject source.Subject) {
	_, dirty := s.dirty[subject]
	_, taken := s.taken[subject]
	if dirty || taken {
		s.leaving[subject] = struct{}{}
		return
	}
	delete(s.cursors, subject)
	delete(s.leaving, subject)
	delete(s.newer, subject)
}
