package sharedstore

import (
	"context"
	"net/http"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// Extension gives out clients of a store. Clients of the same name share what they store.
type Extension struct {
	component.StartFunc
	component.ShutdownFunc
	store backend
}

var _ storage.Extension = (*Extension)(nil)

// NewExtension makes an extension for a store in this process.
func NewExtension(s *Store) *Extension { return &Extension{store: s} }

// NewRemoteExtension makes an extension for a store that is served at an address.
func NewRemoteExtension(address string) *Extension {
	return &Extension{store: &remote{address: address, http: &http.Client{}}}
}

// GetClient implements storage.Extension.
func (e *Extension) GetClient(_ context.Context, kind component.Kind, id component.ID, name string) (storage.Client, error) {
	if err := e.store.refuse(checkName(id, name)); err != nil {
		return nil, err
	}
	return &Client{store: e.store, name: nameOf(kind, id, name)}, nil
}
