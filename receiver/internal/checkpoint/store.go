// Package checkpoint keeps the cursors of a receiver's logs in memory and in a storage extension.
//
// A cursor is saved when its entries were accepted, and Save returns when the storage has it. Several logs that are
// saved at the same time are written in one batch, because with the file storage a batch costs little more than a
// single write.
package checkpoint

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// batchSize is the number of keys that are read or written at once: with the file storage, a batch of a thousand costs
// a third per key of what a single write does.
const batchSize = 1000

// saveTimeout bounds a write, with the wait for those before it: it goes on although the receiver is being shut down,
// whose Shutdown waits for it and for a consumer before it.
const saveTimeout = 2 * time.Second

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
	}
}

// Rejected is a stored cursor that cannot be used.
type Rejected struct {
	Subject source.Subject
	Reason  error
}

// Add makes subjects known: their cursors are loaded, or, where none is stored, set to start and stored, so that the
// start of a log outlives a restart before anything was found in it. It returns the stored cursors that were set aside
// because they cannot be read or belong to another source. On an error it can be called again.
func (s *Store) Add(ctx context.Context, subjects []source.Subject, start func() source.Cursor) ([]Rejected, error) {
	if s.client == nil {
		s.addInMemory(subjects, start)
		return nil, nil
	}
	s.adding.Lock()
	defer s.adding.Unlock()
	if err := s.open(ctx); err != nil {
		return nil, err
	}
	var rejected []Rejected
	for part := range slices.Chunk(s.unknown(subjects), batchSize) {
		bad, err := s.load(ctx, part, start)
		rejected = append(rejected, bad...)
		if err != nil {
			return rejected, err
		}
	}
	return rejected, nil
}

func (s *Store) addInMemory(subjects []source.Subject, start func() source.Cursor) {
	unknown := s.unknown(subjects)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, subject := range unknown {
		s.cursors[subject] = start()
	}
}

func (s *Store) unknown(subjects []source.Subject) []source.Subject {
	s.mu.Lock()
	defer s.mu.Unlock()
	var unknown []source.Subject
	for _, subject := range subjects {
		delete(s.leaving, subject) // it came back before it had gone
		if _, ok := s.cursors[subject]; !ok {
			unknown = append(unknown, subject)
		}
	}
	return unknown
}

// open reads or writes the sentinel, a key that is there for as long as the storage is. An answer without it later
// means that the storage failed, or was emptied, not that a cursor is absent.
func (s *Store) open(ctx context.Context) error {
	if s.opened {
		return nil
	}
	value, err := s.client.Get(ctx, sentinelKey)
	if err == nil && value == nil && ctx.Err() == nil {
		s.storeAll() // of an emptied storage; there are none yet if it is new
		err = s.client.Set(ctx, sentinelKey, []byte(sentinelValue))
	}
	if err = errors.Join(err, ctx.Err()); err != nil {
		return fmt.Errorf("the storage cannot be opened: %w", err)
	}
	s.opened = true
	return nil
}

// storeAll has the next Load, Save or Flush store every cursor.
func (s *Store) storeAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for subject := range s.cursors {
		s.dirty[subject] = struct{}{}
	}
}

func (s *Store) load(ctx context.Context, subjects []source.Subject, start func() source.Cursor) ([]Rejected, error) {
	sentinel := storage.GetOperation(sentinelKey)
	gets := make([]*storage.Operation, 0, len(subjects)+1)
	for _, subject := range subjects {
		gets = append(gets, storage.GetOperation(keyOf(subject)))
	}
	if err := s.client.Batch(ctx, append(gets, sentinel)...); err != nil {
		return nil, fmt.Errorf("stored cursors cannot be read: %w", err)
	}
	if sentinel.Value == nil || ctx.Err() != nil {
		s.opened = false
		return nil, errors.Join(errors.New("the storage gave no answer that can be relied on"), ctx.Err())
	}
	var (
		rejected []Rejected
		writes   []*storage.Operation
		cursors  = make(map[source.Subject]source.Cursor, len(subjects))
	)
	for i, subject := range subjects {
		cursor, err := decode(gets[i].Value, s.fingerprint)
		if errors.Is(err, ErrNewerVersion) {
			return nil, err
		}
		if err != nil {
			rejected = append(rejected, Rejected{Subject: subject, Reason: err})
			writes = append(writes, storage.SetOperation(badKeyOf(subject), gets[i].Value))
		}
		if cursor == "" {
			cursor = start()
			writes = append(writes, storage.SetOperation(keyOf(subject), encode(cursor, s.fingerprint)))
		}
		cursors[subject] = cursor
	}
	if len(writes) > 0 {
		if err := s.client.Batch(ctx, writes...); err != nil {
			return nil, fmt.Errorf("the start of new logs cannot be stored: %w", err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.Copy(s.cursors, cursors)
	return rejected, nil
}

// Load returns the cursor of a subject that was added. If an earlier Save failed, of whatever subject, it is made good
// first: as long as the storage does not take what was accepted, nothing more is read, so that a crash repeats no more
// than what was under way when the storage failed.
func (s *Store) Load(ctx context.Context, subject source.Subject) (source.Cursor, error) {
	s.mu.Lock()
	cursor, pending := s.cursors[subject], len(s.dirty) > 0
	s.mu.Unlock()
	if !pending {
		return cursor, nil
	}
	return cursor, s.Flush(ctx)
}

// Cursor returns the present cursor of a subject, false if it is not read. It may not be stored yet; but what it claims
// is true.
func (s *Store) Cursor(subject source.Subject) (source.Cursor, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	cursor, ok := s.cursors[subject]
	return cursor, ok
}

// Save keeps the cursor of a subject and returns once it is stored. It goes on for a moment if ctx is done, because
// its entries were accepted. After an error the cursor is known in memory, and the next Load stores it.
func (s *Store) Save(ctx context.Context, subject source.Subject, cursor source.Cursor) error {
	s.mu.Lock()
	s.cursors[subject] = cursor
	if s.client != nil {
		s.dirty[subject] = struct{}{}
	}
	s.mu.Unlock()
	return s.Flush(ctx)
}

// Flush stores what is not stored yet, also if ctx is done. Whoever waits for its turn finds most of the time that the
// one before it has stored its cursor too.
func (s *Store) Flush(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTimeout)
	defer cancel()
	select {
	case s.writing <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("the cursor cannot be stored: the storage does not answer: %w", ctx.Err())
	}
	defer func() { <-s.writing }()
	for part := range slices.Chunk(s.take(), batchSize) {
		err := ctx.Err()
		if err == nil {
			err = s.client.Batch(ctx, part...)
		}
		if err != nil {
			s.putBack()
			return fmt.Errorf("the cursor cannot be stored: %w", err)
		}
	}
	s.settle()
	return nil
}

// take returns what stores the cursors that are not stored yet. After it either putBack or settle is called.
func (s *Store) take() []*storage.Operation {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.dirty) == 0 {
		return nil
	}
	s.taken, s.dirty = s.dirty, map[source.Subject]struct{}{}
	writes := make([]*storage.Operation, 0, len(s.taken))
	for subject := range s.taken {
		writes = append(writes, storage.SetOperation(keyOf(subject), encode(s.cursors[subject], s.fingerprint)))
	}
	return writes
}

func (s *Store) putBack() {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.Copy(s.dirty, s.taken)
	s.taken = nil
}

// settle notes that what was taken is stored.
func (s *Store) settle() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken = nil
	for subject := range s.leaving {
		s.drop(subject)
	}
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
}
