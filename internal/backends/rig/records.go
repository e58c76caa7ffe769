package rig

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
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

// begin is how every document begins that the file exporter writes; inside of one it stands nowhere, for quotes in texts are
// escaped.
const begin = `{"resourceLogs":`

// FileUIDs are those of all documents in the files that a pattern names, sorted, each as often as it is there. A document
// that is being written does not count yet, and what a kill has cut short never: the next one follows on the same line.
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
		for piece := range strings.SplitSeq(string(content), begin) {
			if document := []byte(begin + piece); piece != "" && json.Valid(document) {
				uids = append(uids, UIDs(t, document)...)
			}
		}
	}
	slices.Sort(uids)
	return uids
}
