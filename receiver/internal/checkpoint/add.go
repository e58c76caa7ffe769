package checkpoint

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// Rejected is a stored cursor that cannot be used.
type Rejected struct {
	Subject source.Subject
	Reason  error
}

// Add makes subjects known: their cursors are loaded, or, where none is stored, set to start and stored, so that the
// start of a log outlives a restart before anything was found in it. It returns the stored cursors that were set aside
// because they cannot be read or belong to another source. On an error it can be called again.
//
// A cursor that a newer version wrote stays as it is, and Load tells so.
func (s *Store) Add(ctx context.Context, subjects []source.Subject, start func(source.Subject) source.Cursor) ([]Rejected, error) {
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
	for part := range slices.Chunk(inOrder(s.unknown(subjects)), batchSize) {
		bad, err := s.load(ctx, part, start)
		rejected = append(rejected, bad...)
		if err != nil {
			return rejected, err
		}
	}
	return rejected, nil
}

func (s *Store) addInMemory(subjects []source.Subject, start func(source.Subject) source.Cursor) {
	unknown := s.unknown(subjects)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, subject := range unknown {
		s.cursors[subject] = start(subject)
	}
}

func (s *Store) unknown(subjects []source.Subject) []source.Subject {
	s.mu.Lock()
	defer s.mu.Unlock()
	var unknown []source.Subject
	for _, subject := range subjects {
		delete(s.leaving, subject) // it came back before it had gone
		delete(s.newer, subject)   // is looked at again
		if _, ok := s.cursors[subject]; !ok {
			unknown = append(unknown, subject)
		}
	}
	return unknown
}

// keyed is a subject and the key of its cursor.
type keyed struct {
	subject source.Subject
	key     string
}

// inOrder are subjects in the order of their keys. The file storage keeps keys in order on pages: batches in that order
// write each page once, while batches in any order write nearly every page of the file again.
func inOrder(subjects []source.Subject) []keyed {
	list := make([]keyed, len(subjects))
	for i, subject := range subjects {
		list[i] = keyed{subject, keyOf(subject)}
	}
	slices.SortFunc(list, func(a, b keyed) int { return strings.Compare(a.key, b.key) })
	return list
}

// open reads or writes the sentinel, a key that is there for as long as the storage is. An answer without it later
// means that the storage failed, or was emptied, not that a cursor is absent.
func (s *Store) open(ctx context.Context) error {
	if s.opened {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
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

func (s *Store) load(ctx context.Context, part []keyed, start func(source.Subject) source.Cursor) ([]Rejected, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	sentinel := storage.GetOperation(sentinelKey)
	gets := make([]*storage.Operation, 0, len(part)+1)
	for _, log := range part {
		gets = append(gets, storage.GetOperation(log.key))
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
		newer    = map[source.Subject]error{}
		cursors  = make(map[source.Subject]source.Cursor, len(part))
	)
	for i, log := range part {
		subject := log.subject
		cursor, err := decode(gets[i].Value, s.fingerprint)
		if errors.Is(err, ErrNewerVersion) {
			newer[subject] = err
			continue
		}
		if err != nil {
			rejected = append(rejected, Rejected{Subject: subject, Reason: err})
			writes = append(writes, storage.SetOperation(badKeyOf(subject), gets[i].Value))
		}
		if cursor == "" {
			cursor = start(subject)
			writes = append(writes, storage.SetOperation(log.key, encode(cursor, s.fingerprint)))
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
	maps.Copy(s.newer, newer)
	return rejected, nil
}
