package rig

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/userlog/userlog-otel/internal/bench/pages"
	"github.com/userlog/userlog-otel/internal/bench/sink"
)

// entryID is the log_id of an entry with a number below ten.
func entryID(number string) string {
	return "90020261122070000250" + "00000000000000000000000000000000000" + number
}

func TestWhatIsMissingDoubledOrUnknownFailsTheMeasurement(t *testing.T) {
	t.Parallel()
	for name, ids := range map[string][]string{
		"well":    {"0", "1", "2"},
		"missing": {"0", "2"},
		"doubled": {"0", "1", "1", "2"},
		"unknown": {"0", "1", "2", "3"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api, backend := httptest.NewServer(pages.NewServer().Handler()), httptest.NewServer(sink.NewServer().Handler())
			defer api.Close()
			defer backend.Close()
			r := &Rig{pages: &service{url: api.URL}, sink: &service{url: backend.URL}}
			require.NoError(t, r.expect(0, 3))
			send(t, backend.URL, ids)
			one, err := r.judge(setup{queue: memory}, usage{}, pages.Stats{}, 3)
			if name == "well" {
				require.NoError(t, err)
				assert.Equal(t, 3, one.sink.Records)
				return
			}
			require.Error(t, err)
		})
	}
}

func send(t *testing.T, backend string, ids []string) {
	t.Helper()
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for _, id := range ids {
		records.AppendEmpty().Attributes().PutStr("log.record.uid", entryID(id))
	}
	body, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	require.NoError(t, err)
	response, err := http.Post(backend+"/v1/logs", "application/x-protobuf", bytes.NewReader(body))
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusOK, response.StatusCode)
}

func TestNumbersAsTheReportHasThem(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "1.50 (1.00–4.00)", spreadOf([]float64{4, 1, 2, 1}).text(2))
	assert.Equal(t, "2.0 (1.0–9.0)", spreadOf([]float64{9, 1, 2}).text(1))
	assert.Equal(t, "1,234,567", count(1_234_567))
	assert.Equal(t, "-1,234", count(-1234))
	assert.Equal(t, "-123", count(-123))
	assert.Equal(t, "999", count(999))
	assert.Equal(t, "81", megabytes(81_400_000))
	assert.Equal(t, "–", megabytes(0))
}

func TestTheCommandLineIsChecked(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"-collector", ""}, {"-collector", "x", "more"}, {"-unknown"}, {"-collector", "x", "-only", "nothing"}} {
		_, err := parse(args)
		assert.Error(t, err, args)
	}
	o, err := parse([]string{"-collector", "x", "-short", "-pairs", "3", "-only", "floor,users"})
	require.NoError(t, err)
	assert.Equal(t, short().entries, o.scale.entries)
	assert.Equal(t, 3, o.scale.pairs)
	assert.Equal(t, []string{"floor", "users"}, o.only)
}
