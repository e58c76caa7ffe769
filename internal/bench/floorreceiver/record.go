package floorreceiver

import (
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// scopeName is that of user_log, whose records these are to equal.
const scopeName = "github.com/userlog/userlog-otel/receiver/userlogreceiver"

// builder makes records.
type builder struct {
	codes    map[string]code
	instance string
	version  string
}

func (b *builder) logs(entries []entry, observed time.Time) plog.Logs {
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	resource.Resource().Attributes().EnsureCapacity(2)
	resource.Resource().Attributes().PutStr("service.name", "auth0")
	resource.Resource().Attributes().PutStr("service.instance.id", b.instance)
	scope := resource.ScopeLogs().AppendEmpty()
	scope.Scope().SetName(scopeName)
	scope.Scope().SetVersion(b.version)
	records := scope.LogRecords()
	records.EnsureCapacity(len(entries))
	at := pcommon.NewTimestampFromTime(observed)
	for i := range entries {
		b.record(records.AppendEmpty(), &entries[i], at)
	}
	return logs
}

// attributeCount is that of every record.
const attributeCount = 22

func (b *builder) record(r plog.LogRecord, e *entry, observed pcommon.Timestamp) {
	c := b.codes[e.kind]
	r.SetTimestamp(timestamp(e.date))
	r.SetObservedTimestamp(observed)
	r.SetEventName(c.event)
	r.SetSeverityNumber(c.severity)
	r.SetSeverityText(c.severityText)
	r.Body().SetStr(e.raw)
	a := r.Attributes()
	a.EnsureCapacity(attributeCount)
	a.PutStr("log.record.uid", e.id)
	a.PutStr("user_log.type", e.kind)
	a.PutStr("user_log.name", c.name)
	a.PutStr("user_log.category", c.category)
	a.PutStr("user_log.outcome", c.outcome)
	a.PutStr("client.address", e.address)
	a.PutStr("user.id", e.userID)
	a.PutStr("user.name", e.userName)
	if strings.IndexByte(e.userName, '@') > 0 {
		a.PutStr("user.email", e.userName)
	}
	a.PutStr("user_agent.original", e.userAgent)
	a.PutStr("user_log.client.id", e.clientID)
	a.PutStr("user_log.client.name", e.clientName)
	a.PutStr("session.id", e.sessionID)
	a.PutStr("tls.client.ja3", e.ja3)
	a.PutStr("auth0.ja4", e.ja4)
	a.PutStr("geo.country.iso_code", e.country)
	a.PutStr("geo.locality.name", e.city)
	a.PutDouble("geo.location.lat", number(e.latitude))
	a.PutDouble("geo.location.lon", number(e.longitude))
	a.PutStr("server.address", e.host)
	a.PutStr("auth0.connection", e.connection)
	a.PutStr("auth0.strategy", e.strategy)
}

// text is what a JSON value says: of a string, what stands between its quotation marks.
func text(value string) string {
	if value[0] != '"' {
		return value
	}
	inner := value[1 : len(value)-1]
	if strings.IndexByte(inner, '\\') < 0 {
		return inner
	}
	unquoted, _ := jsontext.AppendUnquote(nil, value) // of the page server's own strings: cannot fail
	return string(unquoted)
}

func number(digits string) float64 {
	n, _ := strconv.ParseFloat(digits, 64) // of the page server's own numbers: cannot fail
	return n
}

// timestamp reads a date of the form 2006-01-02T15:04:05.000Z.
func timestamp(date string) pcommon.Timestamp {
	n := func(from, to int) int {
		n := 0
		for i := from; i < to; i++ {
			n = n*10 + int(date[i]-'0')
		}
		return n
	}
	t := time.Date(n(0, 4), time.Month(n(5, 7)), n(8, 10), n(11, 13), n(14, 16), n(17, 19), n(20, 23)*int(time.Millisecond), time.UTC)
	return pcommon.NewTimestampFromTime(t)
}
