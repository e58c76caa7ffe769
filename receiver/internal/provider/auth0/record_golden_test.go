package auth0

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

// go test ./receiver/internal/provider/auth0 -run Golden -update writes what the code makes of the pages.
var update = flag.Bool("update", false, "write the golden files")

// Every folder of testdata/auth0 holds an answer and the records that it becomes. The answers are invented.
func TestGolden(t *testing.T) {
	pages, err := filepath.Glob("../../../../testdata/auth0/*/page.json")
	require.NoError(t, err)
	require.NotEmpty(t, pages)
	for _, page := range pages {
		folder := filepath.Dir(page)
		t.Run(filepath.Base(folder), func(t *testing.T) {
			body, err := os.ReadFile(page)
			require.NoError(t, err)
			entries, err := decodePage(body, arrival, testCodes(t))
			require.NoError(t, err)
			got := buildLogs(entries)
			file := filepath.Join(folder, "want.yaml")
			if *update {
				require.NoError(t, golden.WriteLogsToFile(file, got))
			}
			want, err := golden.ReadLogs(file)
			require.NoError(t, err)
			assert.Equal(t, asJSON(t, want), asJSON(t, got))
		})
	}
}

// asJSON holds everything of the logs, and so more than plogtest compares: it leaves out names of events.
func asJSON(t *testing.T, logs plog.Logs) string {
	t.Helper()
	text, err := (&plog.JSONMarshaler{}).MarshalLogs(logs)
	require.NoError(t, err)
	return string(text)
}
