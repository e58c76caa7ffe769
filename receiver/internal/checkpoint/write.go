package checkpoint

import (
	"context"
	"fmt"
	"maps"
	"time"

	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

const (
	// callTimeout bounds what is asked of the storage at once, and a write with the wait for those before it, while the
	// receiver runs: a storage that takes seconds is slow, one that takes longer than this is told to be away, and asked
	// again.
	callTimeout = 30 * time.Second
	// saveTimeout bounds what is left of a write once the receiver is being shut down, whose Shutdown waits for it and
	// for a consumer before it.
	saveTimeout = 2 * time.Second
)

// Save keeps the cursor of a subject and returns once it is stored. It goes on for a moment if ctx is done, because
// its entries were accepted. After an error the cursor is known in memory, and the next Load stores it.
func (s *Store) Save(ctx context.Context, subject source.Subject, cursor source.Cursor) error {
	s.mu.Lock()
	s.cursors[subject] = cursor
	if s.client != nil {
		s.dirty[subject] = struct{}{}
	}
	s.mu.Unlock()
	return s.flush(ctx, callTimeout)
}

// Flush stores what is not stored yet, also if ctx is done, within saveTimeout: it is for a receiver that shuts down.
func (s *Store) Flush(ctx context.Context) error { return s.flush(ctx, saveTimeout) }

// flush stores what is not stored yet. Whoever waits for its turn finds most of the time that the one before it has
// stored its cursor too.
func (s *Store) flush(ctx context.Context, timeout time.Duration) error {
	ctx, cancel := outliving(ctx, timeout)
	defer cancel()
	select {
	case s.writing <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("the cursor cannot be stored: the storage does not answer: %w", ctx.Err())
	}
	defer func() { <-s.writing }()
	for range s.batches() {
		writes := s.take()
		err := ctx.Err()
		if err == nil && len(writes) > 0 {
			err = s.client.Batch(ctx, writes...)
		}
		if err != nil {
			s.putBack()
			return fmt.Errorf("the cursor cannot be stored: %w", err)
		}
		s.settle()
	}
	return nil
}

// outliving returns a context that ends after a time limit, or saveTimeout after the given one is done.
func outliving(ctx context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	if ctx.Err() != nil {
		return context.WithTimeout(context.WithoutCancel(ctx), min(timeout, saveTimeout))
	}
	inner, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-time.After(saveTimeout):
			cancel()
		case <-inner.Done():
		}
	})
	return inner, func() { stop(); cancel() }
}

// batches is how many batches store all that is not stored yet.
func (s *Store) batches() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return (len(s.dirty) + batchSize - 1) / batchSize
}

// take returns what stores some of the cursors that are not stored yet. After it either putBack or settle is called.
func (s *Store) take() []*storage.Operation {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken, s.dirty = firstOf(s.dirty, batchSize)
	writes := make([]*storage.Operation, 0, len(s.taken))
	for subject := range s.taken {
		writes = append(writes, storage.SetOperation(keyOf(subject), encode(s.cursors[subject], s.fingerprint)))
	}
	return writes
}

// firstOf parts at most n subjects from the rest. If that leaves none the rest is a new set, because one that was large
// would keep its memory.
func firstOf(all map[source.Subject]struct{}, n int) (some, rest map[source.Subject]struct{}) {
	if len(all) <= n {
		return all, map[source.Subject]struct{}{}
	}
	some = make(map[source.Subject]struct{}, n)
	for subject := range all {
		if len(some) == n {
			break
		}
		some[subject] = struct{}{}
		delete(all, subject)
	}
	return some, all
}

// putBack notes that what was taken is not stored, and settle that it is.
func (s *Store) putBack() {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.Copy(s.dirty, s.taken)
	s.taken, s.behind = nil, true
}

func (s *Store) settle() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken = nil
	s.behind = s.behind && len(s.dirty) > 0
	for subject := range s.leaving {
		s.drop(subject)
	}
}
