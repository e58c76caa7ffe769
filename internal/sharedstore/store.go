package sharedstore

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// Store is a storage that outlives its clients, which may be many at once. It is safe for concurrent use.
type Store struct {
	mu       sync.Mutex
	content  map[string]map[string]string // by client and key
	refusals []string
	fault    func(op *storage.Operation) error
}

// New makes an empty store.
func New() *Store { return &Store{content: map[string]map[string]string{}} }

// Fail sets what is asked before each operation, also those in the middle of a batch: an error ends the batch there, and
// what went before stays, as with the storages that do not know transactions. Nil: nothing fails.
func (s *Store) Fail(fault func(op *storage.Operation) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = fault
}

// Refusals are the errors for what no client should have asked for.
func (s *Store) Refusals() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.refusals)
}

// Content is what the clients of a component have stored.
func (s *Store) Content(id component.ID) map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.content[nameOf(component.KindReceiver, id, "")])
}

func nameOf(kind component.Kind, id component.ID, name string) string {
	return fmt.Sprintf("%s_%s_%s_%s", kind, id.Type(), id.Name(), name)
}

// refuse notes an error if there is one, and returns it.
func (s *Store) refuse(err error) error {
	if err != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.refusals = append(s.refusals, err.Error())
	}
	return err
}

// batch applies operations one by one, and others of other clients between them: those that write first, and then those
// that read, as redis_storage does.
func (s *Store) batch(ctx context.Context, name string, ops []*storage.Operation) error {
	for _, reads := range []bool{false, true} {
		for _, op := range ops {
			if (op.Type == storage.Get) != reads {
				continue
			}
			if err := errors.Join(ctx.Err(), s.apply(name, op)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Store) apply(name string, op *storage.Operation) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fault != nil {
		if err := s.fault(op); err != nil {
			return err
		}
	}
	content := s.content[name]
	switch op.Type {
	case storage.Get:
		if value, ok := content[op.Key]; ok {
			op.Value = []byte(value)
		}
	case storage.Set:
		if content == nil {
			content = map[string]string{}
			s.content[name] = content
		}
		content[op.Key] = string(op.Value)
	case storage.Delete:
		delete(content, op.Key)
	}
	return nil
}
