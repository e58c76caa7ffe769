package sharedstore

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// remote is a Store in another process.
type remote struct {
	address string
	http    *http.Client
}

// refuse implements backend: the component that breaks the rules tells.
func (*remote) refuse(err error) error { return err }

func (r *remote) batch(ctx context.Context, name string, ops []*storage.Operation) error {
	request := Request{Client: name}
	for _, op := range ops {
		o := Operation{Type: op.Type, Key: op.Key}
		if op.Type == storage.Set {
			value := string(op.Value)
			o.Value = &value
		}
		request.Operations = append(request.Operations, o)
	}
	answers, err := r.ask(ctx, request)
	if err != nil {
		return err
	}
	for i, op := range ops {
		if op.Type == storage.Get && answers[i].Value != nil {
			op.Value = []byte(*answers[i].Value)
		}
	}
	return nil
}

func (r *remote) ask(ctx context.Context, request Request) ([]Operation, error) {
	body, err := json.Marshal(request)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	resp, err := r.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the store answered %s", resp.Status)
	}
	var answers []Operation
	if err := json.NewDecoder(resp.Body).Decode(&answers); err != nil {
		return nil, err
	}
	if len(answers) != len(request.Operations) {
		return nil, fmt.Errorf("the store answered %d operations of %d", len(answers), len(request.Operations))
	}
	return answers, nil
}
