package kobil

import (
	"flag"
	"os"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/receiver/internal/record"
	"github.com/userlog/userlog-otel/receiver/internal/recordtest"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// go test ./receiver/internal/provider/kobil -run Golden -update writes what the code makes of the answers.
var update = flag.Bool("update", false, "write the golden files")

// arrival is when the answers of the tests arrived.
var arrival = time.Date(2025, 11, 7, 12, 0, 0, 123456789, time.UTC)

// namedCodes gives one action a meaning, as the configuration does.
func namedCodes(t testing.TB) *record.Codes {
	return testCodes(t).With(map[string]record.Override{
		"13": {Name: "Device Login", Category: "login", Outcome: "failure", Severity: plog.SeverityNumberWarn},
	})
}

func TestGolden(t *testing.T) {
	recordtest.Golden(t, Service, *update, func(t *testing.T, _ string, body []byte) (list []source.Entry) {
		l, err := decodeList(body, arrival, namedCodes(t))
		require.NoError(t, err)
		for i := range l.entries {
			list = append(list, &l.entries[i])
		}
		return list
	})
}

func TestAttributesAreDocumented(t *testing.T) { recordtest.Documented(t, Service, "### KOBIL") }

func TestWhatIsNoListIsRefusedWithoutItsWords(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`null`:                               "answer holds no list of log entries",
		`{}`:                                 "answer holds no list of log entries",
		`{"data":null,"message":"secret"}`:   "answer holds null in the place of its log entries",
		`{"data":"secret"}`:                  "answer holds a string in the place of its log entries",
		`{"data":{"reportingInfoItems":{}}}`: "answer holds an object in the place of its log entries",
		`{"data":{"moreResultsAvailable":true,"reportingInfoItems":null}}`: "answer holds null in the place of its log entries",
		`<html>secret`: "answer is HTML or XML, not JSON",
	} {
		_, err := decodeList([]byte(body), arrival, testCodes(t))
		assert.EqualError(t, err, want, body)
	}
}

func TestOnlyFalseEndsALog(t *testing.T) {
	t.Parallel()
	for body, ended := range map[string]bool{
		`{"data":{"moreResultsAvailable":false,"reportingInfoItems":[]}}`:                             true,
		`{"data":{"moreResultsAvailable":true,"reportingInfoItems":[]},"moreResultsAvailable":false}`: false,
		`{"data":{"reportingInfoItems":[]},"moreResultsAvailable":false}`:                             true,
		`{"data":[],"moreResultsAvailable":"false"}`:                                                  true,
		`{"data":[]}`:               false,
		`[]`:                        false,
		`{"reportingInfoItems":[]}`: false,
	} {
		l, err := decodeList([]byte(body), arrival, testCodes(t))
		require.NoError(t, err, body)
		assert.Equal(t, ended, l.ended, body)
	}
}

// The vendor's own sample; it lies beside the project, not in it.
func TestVendorsSample(t *testing.T) {
	body, err := os.ReadFile("../../../../../shared/corpus/kobil/user-logs-sample.json")
	if err != nil {
		t.Skip("the collected answers are not here")
	}
	l, err := decodeList(body, arrival, testCodes(t))
	require.NoError(t, err)
	require.Len(t, l.entries, 10)
	for _, e := range l.entries {
		assert.True(t, e.numbered)
		assert.Equal(t, 2020, e.time.Year())
	}
}

func FuzzDecodeList(f *testing.F) {
	f.Add([]byte(`{"data":{"moreResultsAvailable":true,"reportingInfoItems":[{"id":1,"logDate":"1","action":"13"}]}}`))
	f.Add([]byte(`{"data":[{"id":"\ud800","userId":"` + "\xff" + `"},null]}`))
	codes := testCodes(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		l, err := decodeList(body, arrival, codes)
		if err != nil {
			require.Empty(t, l.entries)
			return
		}
		for i := range l.entries {
			r := plog.NewLogRecord()
			l.entries[i].Record(r)
			require.True(t, utf8.ValidString(r.Body().Str()) && utf8.ValidString(r.EventName()))
			for _, value := range r.Attributes().All() {
				require.True(t, utf8.ValidString(value.AsString()))
			}
		}
	})
}

func FuzzParseCursor(f *testing.F) {
	f.Add(`{"s":1772366400000}`)
	f.Add(`{"c":"a1","a":1,"m":"b2","t":2,"l":3,"r":"1 2 3","o":["x"]}`)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := parseCursor(source.Cursor(text))
		if err != nil {
			return
		}
		back, err := parseCursor(p.cursor())
		require.NoError(t, err)
		require.Equal(t, p.cursor(), back.cursor())
	})
}

// BenchmarkDecodeAndRecord is the way of a page of 100 entries.
func BenchmarkDecodeAndRecord(b *testing.B) {
	page := []byte(`{"data":{"reportingInfoItems":[` + jsonEntry(1, arrival, `,"details":"key=KS.IP","deviceId":"4","issuerDN":"CN=ca","status":"0"`))
	for n := range 99 {
		page = append(page, ","+jsonEntry(n+2, arrival, `,"details":"key=KS.IP","deviceId":"4","issuerDN":"CN=ca","status":"0"`)...)
	}
	page = append(page, "]}}"...)
	codes := testCodes(b)
	b.ReportAllocs()
	for b.Loop() {
		l, err := decodeList(page, arrival, codes)
		if err != nil || len(l.entries) != 100 {
			b.Fatal(err)
		}
		records := plog.NewLogRecordSlice()
		for i := range l.entries {
			l.entries[i].Record(records.AppendEmpty())
		}
	}
}
