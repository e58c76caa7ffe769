package sink

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
)

func idOf(number int) string { return fmt.Sprintf("90020261122070000250%036d", number) }

// requestOf is an OTLP request with one record for each id, in resources and scopes of their own.
func requestOf(t *testing.T, ids ...string) []byte {
	t.Helper()
	logs := plog.NewLogs()
	for i, id := range ids {
		resource := logs.ResourceLogs().AppendEmpty()
		resource.Resource().Attributes().PutStr(uidName, "of the resource")
		record := resource.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
		record.SetTimestamp(pcommon.Timestamp(i + 1))
		record.Body().SetStr(uidName)
		record.Attributes().PutInt("n", int64(i))
		if id != "" {
			record.Attributes().PutStr(uidName, id)
		}
		record.Attributes().PutDouble("x", 0.5)
	}
	body, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	require.NoError(t, err)
	return body
}

func TestUIDsAreReadFromTheWire(t *testing.T) {
	t.Parallel()
	want := []string{idOf(3), "", idOf(0)}
	var got []string
	require.NoError(t, uids(requestOf(t, want...), func(uid []byte) { got = append(got, string(uid)) }))
	assert.Equal(t, want, got)
}

func TestABrokenRequestIsRefused(t *testing.T) {
	t.Parallel()
	whole := requestOf(t, idOf(1))
	for length := 1; length < len(whole); length++ {
		assert.Error(t, uids(whole[:length], func([]byte) {}), "%d bytes of %d", length, len(whole))
	}
	for _, body := range [][]byte{{0xff}, {0x0b}, {0x08, 0xff}, {0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}} {
		assert.Error(t, uids(body, func([]byte) {}), "%x", body)
	}
}

func TestTheLedgerTellsWhatIsMissingDoubledAndUnknown(t *testing.T) {
	t.Parallel()
	s := NewServer()
	do := func(method, path string, body []byte) int {
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, httptest.NewRequest(method, path, bytes.NewReader(body)))
		return w.Code
	}
	require.Equal(t, http.StatusOK, do(http.MethodPut, "/bench/ledger?first=10&entries=130", nil))
	body := requestOf(t, idOf(10), idOf(139), idOf(74), idOf(10), idOf(140), idOf(9), "strange", "")
	require.Equal(t, http.StatusOK, do(http.MethodPost, "/v1/logs", body))
	stats := s.Stats()
	assert.Equal(t, 8, stats.Records)
	assert.Equal(t, 3, stats.Distinct)
	assert.Equal(t, 4, stats.Unknown)
	assert.Equal(t, 1, stats.Repeats())
	assert.EqualValues(t, len(body), stats.Bytes)
	assert.Equal(t, http.StatusBadRequest, do(http.MethodPost, "/v1/logs", []byte{0xff}))

	require.Equal(t, http.StatusOK, do(http.MethodPut, "/bench/ledger?first=0&entries=1", nil))
	assert.Equal(t, Stats{}, s.Stats())
	assert.Equal(t, http.StatusBadRequest, do(http.MethodPut, "/bench/ledger?first=0&entries=-1", nil))
	assert.Equal(t, http.StatusOK, do(http.MethodPut, "/bench/latency?each=5ms", nil))
	assert.Equal(t, http.StatusBadRequest, do(http.MethodPut, "/bench/latency", nil))
}
