package canvas

import (
	"fmt"
	"strings"
	"testing"

	"go.opentelemetry.io/collector/pdata/plog"
)

// benchPage is an invented compound document of 100 events with their logins and page views.
func benchPage() []byte {
	var events, logins, views []string
	for n := range 100 {
		events = append(events, fmt.Sprintf(`{"id":%q,"created_at":"2025-11-07T10:20:%02dZ","event_type":"login",`+
			`"links":{"login":%d,"account":1,"user":%d,"page_view":"view-%d"}}`, idOf(n), n%60, 9000+n, 210700000000000000+n, n))
		logins = append(logins, fmt.Sprintf(`{"id":%d,"account_id":1,"unique_id":"user%d@example.edu"}`, 9000+n, n))
		views = append(views, fmt.Sprintf(`{"id":"view-%d","remote_ip":"203.0.113.%d","user_agent":"Mozilla/5.0 (X11; Linux x86_64)","session_id":"session-%d"}`, n, n, n))
	}
	return []byte(`{"events":[` + strings.Join(events, ",") + `],"linked":{"logins":[` + strings.Join(logins, ",") +
		`],"page_views":[` + strings.Join(views, ",") + `]}}`)
}

// BenchmarkDecodeAndRecord is the way of a page of 100 events.
func BenchmarkDecodeAndRecord(b *testing.B) {
	page, codes := benchPage(), testCodes(b)
	b.ReportAllocs()
	for b.Loop() {
		events, err := decodeEvents(page, arrival, codes)
		if err != nil || len(events) != 100 {
			b.Fatal(err)
		}
		records := plog.NewLogRecordSlice()
		for i := range events {
			events[i].number(1)
			events[i].Record(records.AppendEmpty())
		}
	}
}
