package elasticsearch

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
)

// verdict is the status of one document, or of a whole request: 0 is to store it.
type verdict func(request int, id string) int

func stored(int, string) int { return 0 }

// document is what the fake keeps.
type document struct {
	Index  string
	Source json.RawMessage
}

// fake is the part of Elasticsearch that the exporter speaks to: the bulk API, into data streams, which take no action
// but create, and answer with a conflict where the id is there already. It is safe for concurrent use.
// https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk
type fake struct {
	mu        sync.Mutex
	documents map[string]document
	requests  int
	conflicts int
	whole     verdict // of a whole request
	single    verdict // of one document
	mute      func(request int) bool
}

func newFake() *fake {
	return &fake{documents: map[string]document{}, whole: stored, single: stored, mute: func(int) bool { return false }}
}

// set changes what the fake does.
func (f *fake) set(change func(*fake)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}

// seen is a copy of the documents by id, with the numbers of requests and of conflicts.
func (f *fake) seen() (documents map[string]document, requests, conflicts int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	documents = make(map[string]document, len(f.documents))
	for id, d := range f.documents {
		documents[id] = d
	}
	return documents, f.requests, f.conflicts
}

// ids are the ids of the documents, sorted.
func (f *fake) ids() []string {
	documents, _, _ := f.seen()
	var ids []string
	for id := range documents {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// ServeHTTP implements http.Handler.
func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Elastic-Product", "Elasticsearch") // without it the client refuses to go on
	w.Header().Set("Content-Type", "application/json")
	if r.URL.Path != "/_bulk" {
		_, _ = io.WriteString(w, `{}`)
		return
	}
	body := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		unzipped, err := gzip.NewReader(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		body = unzipped
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests++
	if status := f.whole(f.requests, ""); status != 0 {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, `{"error":{"type":"invented"}}`)
		return
	}
	items, err := f.bulk(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if f.mute(f.requests) {
		panic(http.ErrAbortHandler) // everything is stored, and the client never hears of it
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"errors": true, "items": items})
}

type item struct {
	Index  string         `json:"_index"`
	ID     string         `json:"_id"`
	Status int            `json:"status"`
	Error  map[string]any `json:"error,omitempty"`
}

func (f *fake) bulk(body io.Reader) ([]map[string]item, error) {
	lines := bufio.NewScanner(body)
	lines.Buffer(nil, 16<<20)
	items := []map[string]item{}
	for lines.Scan() {
		var action struct {
			Create *item `json:"create"`
		}
		if err := json.Unmarshal(lines.Bytes(), &action); err != nil || action.Create == nil || action.Create.ID == "" {
			return nil, fmt.Errorf("a data stream takes documents to create, with an id here: %s", lines.Bytes())
		}
		if !lines.Scan() || !json.Valid(lines.Bytes()) {
			return nil, fmt.Errorf("no document for %s", action.Create.ID)
		}
		items = append(items, map[string]item{"create": f.create(*action.Create, lines.Bytes())})
	}
	return items, lines.Err()
}

func (f *fake) create(i item, source []byte) item {
	i.Status = http.StatusCreated
	if _, there := f.documents[i.ID]; there {
		f.conflicts++
		i.Status, i.Error = http.StatusConflict, map[string]any{"type": "version_conflict_engine_exception"}
		return i
	}
	if status := f.single(f.requests, i.ID); status != 0 {
		i.Status, i.Error = status, map[string]any{"type": "invented"}
		return i
	}
	f.documents[i.ID] = document{i.Index, slices.Clone(source)}
	return i
}
