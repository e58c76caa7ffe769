package sharedstore

import (
	"encoding/json"
	"net/http"

	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// Request is what is asked of a store over HTTP: operations on what a client stores.
type Request struct {
	Client     string      `json:"client"`
	Operations []Operation `json:"operations"`
}

// Operation is a storage.Operation. A value that is nil is none.
type Operation struct {
	Type  storage.OpType `json:"type"`
	Key   string         `json:"key"`
	Value *string        `json:"value"`
}

// ServeHTTP answers a Request with the operations after they were applied. That they follow the rules the client has
// checked.
func (s *Store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var request Request
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	ops := make([]*storage.Operation, len(request.Operations))
	for i, o := range request.Operations {
		ops[i] = &storage.Operation{Type: o.Type, Key: o.Key}
		if o.Value != nil {
			ops[i].Value = []byte(*o.Value)
		}
	}
	if err := s.batch(r.Context(), request.Client, ops); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	for i, op := range ops {
		if op.Type == storage.Get && op.Value != nil {
			value := string(op.Value)
			request.Operations[i].Value = &value
		}
	}
	_ = json.NewEncoder(w).Encode(request.Operations) // who does not read it any more was killed
}
