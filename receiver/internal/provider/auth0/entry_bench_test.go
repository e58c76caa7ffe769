package auth0

import (
	"bytes"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/receiver/internal/record"
)

const benchEntries = 100

// benchPage is an invented page of 100 entries of about 1.2 kB, which become records of 22 attributes.
func benchPage() []byte {
	var page bytes.Buffer
	page.WriteByte('[')
	for i := range benchEntries {
		if i > 0 {
			page.WriteByte(',')
		}
		fmt.Fprintf(&page, `{"date":"2025-11-%02dT10:%02d:42.%03dZ","type":"s","description":"",`+
			`"connection":"Username-Password-Authentication","connection_id":null,`+
			`"client_id":"BenchClientBenchClientBenchClien","client_name":"Customer portal","ip":"203.0.113.%d",`+
			`"user_agent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36",`+
			`"details":{"prompts":[{"name":"prompt-authenticate","completedAt":17625110%05d,"connection":`+
			`"Username-Password-Authentication","strategy":"auth0","identity":"66a0b1c2d3e4f5a6b7c8d9e0","stats":{"loginsCount":17},`+
			`"elapsedTime":null},{"name":"login","flow":"universal-login","initiatedAt":1762511000000,"completedAt":1762511004000,`+
			`"user_id":"auth0|66a0b1c2d3e4f5a6b7c8d9e0","user_name":"user%d@example.com","elapsedTime":4000}],`+
			`"initiatedAt":1762511000000,"completedAt":1762511004500,"elapsedTime":4500,"session_id":"SessionSessionSessionSession%04d"},`+
			`"hostname":"login.example.com","user_id":"auth0|66a0b1c2d3e4f5a6b7c8d9e0","user_name":"user%d@example.com",`+
			`"strategy":"auth0","strategy_type":"database","location_info":{"country_code":"DE","city_name":"Berlin","latitude":52.5,"longitude":13.4,"continent_code":"EU"},`+
			`"log_id":"9002025110710%010d","_id":"9002025110710%010d","client_ip":null}`,
			1+i%28, i%60, i, i, i, i, i, i, i, i)
	}
	page.WriteByte(']')
	return page.Bytes()
}

func benchCodes(tb testing.TB) *record.Codes {
	tb.Helper()
	codes, err := DefaultCodes()
	require.NoError(tb, err)
	return codes
}

// buildLogs makes the records of a page as the engine does.
func buildLogs(entries []entry) plog.Logs {
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	records.EnsureCapacity(len(entries))
	for i := range entries {
		entries[i].Record(records.AppendEmpty())
	}
	return logs
}

// perEntry runs f, which handles benchEntries entries, and reports the cost of one.
func perEntry(b *testing.B, f func()) {
	b.Helper()
	b.ReportAllocs()
	f()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	n := 0
	for b.Loop() {
		f()
		n++
	}
	runtime.ReadMemStats(&after)
	entries := float64(n * benchEntries)
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/entries, "ns/entry")
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/entries, "allocs/entry")
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/entries, "B/entry")
}

// BenchmarkPage is the whole way of a page, from its bytes to finished records.
func BenchmarkPage(b *testing.B) {
	page, codes, now := benchPage(), benchCodes(b), time.Now()
	perEntry(b, func() {
		entries, err := decodePage(page, now, codes)
		if err != nil {
			b.Fatal(err)
		}
		runtime.KeepAlive(buildLogs(entries))
	})
}

// BenchmarkDecodeOnly is the first half of the way.
func BenchmarkDecodeOnly(b *testing.B) {
	page, codes, now := benchPage(), benchCodes(b), time.Now()
	perEntry(b, func() {
		entries, err := decodePage(page, now, codes)
		if err != nil {
			b.Fatal(err)
		}
		runtime.KeepAlive(entries)
	})
}

// BenchmarkRecordOnly is the second half.
func BenchmarkRecordOnly(b *testing.B) {
	entries, err := decodePage(benchPage(), time.Now(), benchCodes(b))
	require.NoError(b, err)
	perEntry(b, func() { runtime.KeepAlive(buildLogs(entries)) })
}

// BenchmarkBuild makes the same records from values that are there already: what no decoder can go below.
func BenchmarkBuild(b *testing.B) {
	entries, err := decodePage(benchPage(), time.Now(), benchCodes(b))
	require.NoError(b, err)
	templates := buildLogs(entries).ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
	ready := make([]readyRecord, templates.Len())
	for i := range ready {
		ready[i] = newReadyRecord(templates.At(i))
	}
	perEntry(b, func() {
		logs := plog.NewLogs()
		records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
		records.EnsureCapacity(len(ready))
		for i := range ready {
			ready[i].write(records.AppendEmpty())
		}
		runtime.KeepAlive(logs)
	})
}

// readyRecord is a record as plain values.
type readyRecord struct {
	timestamp, observed    pcommon.Timestamp
	event, body, severity  string
	number                 plog.SeverityNumber
	names, values          []string
	doubleNames, boolNames []string
	doubleValues           []float64
	boolValues             []bool
}

func newReadyRecord(record plog.LogRecord) readyRecord {
	r := readyRecord{
		timestamp: record.Timestamp(), observed: record.ObservedTimestamp(), event: record.EventName(),
		body: record.Body().Str(), severity: record.SeverityText(), number: record.SeverityNumber(),
	}
	for name, value := range record.Attributes().All() {
		switch value.Type() {
		case pcommon.ValueTypeDouble:
			r.doubleNames, r.doubleValues = append(r.doubleNames, name), append(r.doubleValues, value.Double())
		case pcommon.ValueTypeBool:
			r.boolNames, r.boolValues = append(r.boolNames, name), append(r.boolValues, value.Bool())
		default:
			r.names, r.values = append(r.names, name), append(r.values, value.Str())
		}
	}
	return r
}

func (r *readyRecord) write(record plog.LogRecord) {
	record.SetTimestamp(r.timestamp)
	record.SetObservedTimestamp(r.observed)
	record.SetEventName(r.event)
	record.SetSeverityNumber(r.number)
	record.SetSeverityText(r.severity)
	record.Body().SetStr(r.body)
	attributes := record.Attributes()
	attributes.EnsureCapacity(len(r.names) + len(r.doubleNames) + len(r.boolNames))
	for i, name := range r.names {
		attributes.PutStr(name, r.values[i])
	}
	for i, name := range r.doubleNames {
		attributes.PutDouble(name, r.doubleValues[i])
	}
	for i, name := range r.boolNames {
		attributes.PutBool(name, r.boolValues[i])
	}
}
