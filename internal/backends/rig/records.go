package rig

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

// UIDs are the attributes log.record.uid of an OTLP JSON document, in its order.
func UIDs(t *testing.T, document []byte) []string {
	t.Helper()
	logs, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs(document)
	require.NoError(t, err, "%s", document)
	var uids []string
	for _, resource := range logs.ResourceLogs().All() {
		for _, scope := range resource.ScopeLogs().All() {
			for _, record := range scope.LogRecords().All() {
				uid, found := record.Attributes().Get("log.record.uid")
				require.True(t, found)
				uids = append(uids, uid.Str())
			}
		}
	}
	return uids
}

// FileUIDs are those of all documents in the files that a pattern names, sorted, each as often as it is there. A document
// that is being written does not count yet.
func FileUIDs(t *testing.T, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	require.NoError(t, err)
	var uids []string
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) { // renamed by a rotation in this moment
			continue
		}
		require.NoError(t, err)
		documents := json.NewDecoder(bytes.NewReader(content))
		for {
			var document json.RawMessage
			err := documents.Decode(&document)
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				break
			}
			require.NoError(t, err, path)
			uids = append(uids, UIDs(t, document)...)
		}
	}
	slices.Sort(uids)
	return uids
}
