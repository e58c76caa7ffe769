//go:build e2e

package e2e

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// leases is as much of the Kubernetes API as an elector needs: it holds leases of coordination.k8s.io/v1, and refuses an
// update of what was changed since it was read.
type leases struct {
	mu      sync.Mutex
	objects map[string]map[string]any // by path
	version int
}

const leasesPath = "/apis/coordination.k8s.io/v1/namespaces/test/leases"

func (l *leases) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !strings.HasPrefix(r.URL.Path, leasesPath) {
		refuse(w, http.StatusNotFound, "NotFound")
		return
	}
	var object map[string]any
	if r.Method != http.MethodGet {
		if err := json.NewDecoder(r.Body).Decode(&object); err != nil {
			refuse(w, http.StatusBadRequest, "BadRequest")
			return
		}
	}
	switch present := l.objects[r.URL.Path]; r.Method {
	case http.MethodGet:
		if present == nil {
			refuse(w, http.StatusNotFound, "NotFound")
			return
		}
		answer(w, http.StatusOK, present)
	case http.MethodPost:
		path := leasesPath + "/" + metadataOf(object)["name"].(string)
		if l.objects[path] != nil {
			refuse(w, http.StatusConflict, "AlreadyExists")
			return
		}
		answer(w, http.StatusCreated, l.keep(path, object))
	case http.MethodPut:
		if present == nil || metadataOf(present)["resourceVersion"] != metadataOf(object)["resourceVersion"] {
			refuse(w, http.StatusConflict, "Conflict")
			return
		}
		answer(w, http.StatusOK, l.keep(r.URL.Path, object))
	default:
		refuse(w, http.StatusMethodNotAllowed, "MethodNotAllowed")
	}
}

// keep keeps an object as a new version. The lock must be held.
func (l *leases) keep(path string, object map[string]any) map[string]any {
	l.version++
	object["kind"], object["apiVersion"] = "Lease", "coordination.k8s.io/v1"
	metadataOf(object)["resourceVersion"] = strconv.Itoa(l.version)
	l.objects[path] = object
	return object
}

func metadataOf(object map[string]any) map[string]any { return object["metadata"].(map[string]any) }

func refuse(w http.ResponseWriter, code int, reason string) {
	answer(w, code, map[string]any{"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": reason, "code": code})
}

func answer(w http.ResponseWriter, code int, object map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(object) // who does not read it any more was killed
}
