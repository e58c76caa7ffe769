//go:build e2e

package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"google.golang.org/protobuf/encoding/protowire"
)

// leases is as much of the Kubernetes API as an elector needs: it holds leases of coordination.k8s.io/v1, and refuses an
// update of what was changed since it was read.
type leases struct {
	mu      sync.Mutex
	objects map[string][]byte // by path, as they are sent
	version int
}

func newLeases() *leases { return &leases{objects: map[string][]byte{}} }

const leasesPath = "/apis/coordination.k8s.io/v1/namespaces/test/leases"

// The numbers of the fields that are looked at (k8s.io/api/coordination/v1, k8s.io/apimachinery/pkg/apis/meta/v1 and
// .../pkg/runtime, generated.proto).
const (
	unknownTypeMeta, unknownRaw   = 1, 2
	typeMetaVersion, typeMetaKind = 1, 2
	leaseMetadata                 = 1
	metadataName, metadataVersion = 1, 6
)

// magic begins an object that is sent as protobuf, which client-go prefers.
const magic = "k8s\x00"

func (l *leases) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil || !strings.HasPrefix(r.URL.Path, leasesPath) {
		refuse(w, http.StatusNotFound, "NotFound")
		return
	}
	lease := field([]byte(strings.TrimPrefix(string(body), magic)), unknownRaw)
	switch present := l.objects[r.URL.Path]; r.Method {
	case http.MethodGet:
		if present == nil {
			refuse(w, http.StatusNotFound, "NotFound")
			return
		}
		answer(w, http.StatusOK, present)
	case http.MethodPost:
		path := leasesPath + "/" + string(field(field(lease, leaseMetadata), metadataName))
		if l.objects[path] != nil {
			refuse(w, http.StatusConflict, "AlreadyExists")
			return
		}
		answer(w, http.StatusCreated, l.keep(path, lease))
	case http.MethodPut:
		if present == nil || versionOf(present) != versionOf(lease) {
			refuse(w, http.StatusConflict, "Conflict")
			return
		}
		answer(w, http.StatusOK, l.keep(r.URL.Path, lease))
	}
}

// keep keeps a lease as a new version. The lock must be held.
func (l *leases) keep(path string, lease []byte) []byte {
	l.version++
	metadata := with(field(lease, leaseMetadata), metadataVersion, []byte(strconv.Itoa(l.version)))
	l.objects[path] = with(lease, leaseMetadata, metadata)
	return l.objects[path]
}

func versionOf(lease []byte) string {
	return string(field(field(lease, leaseMetadata), metadataVersion))
}

func answer(w http.ResponseWriter, code int, lease []byte) {
	kind := with(with(nil, typeMetaVersion, []byte("coordination.k8s.io/v1")), typeMetaKind, []byte("Lease"))
	w.Header().Set("Content-Type", "application/vnd.kubernetes.protobuf")
	w.WriteHeader(code)
	_, _ = w.Write(append([]byte(magic), with(with(nil, unknownTypeMeta, kind), unknownRaw, lease)...)) // or it was killed
}

func refuse(w http.ResponseWriter, code int, reason string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(object{"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": reason, "code": code})
}

// field is the content of a field of a message, nil if it is not there.
func field(message []byte, number protowire.Number) []byte {
	for len(message) > 0 {
		n, kind, size := protowire.ConsumeTag(message)
		if size < 0 {
			return nil
		}
		length := protowire.ConsumeFieldValue(n, kind, message[size:])
		if length < 0 {
			return nil
		}
		if n == number && kind == protowire.BytesType {
			content, _ := protowire.ConsumeBytes(message[size:])
			return content
		}
		message = message[size+length:]
	}
	return nil
}

// with is a message whose field has another content.
func with(message []byte, number protowire.Number, content []byte) []byte {
	var changed []byte
	for len(message) > 0 {
		n, _, size := protowire.ConsumeField(message)
		if size < 0 {
			break
		}
		if n != number {
			changed = append(changed, message[:size]...)
		}
		message = message[size:]
	}
	return protowire.AppendBytes(protowire.AppendTag(changed, number, protowire.BytesType), content)
}
