package record

import (
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// GapEvent is the event name of the record of a gap.
const GapEvent = "user_log.gap"

// Gap is the entry that tells of a gap: what is missing is told where the entries are looked for.
type Gap struct {
	source.Gap
	Subject  source.Subject
	Observed pcommon.Timestamp
	// Name and Value are the attribute that tells whose log it is; an empty name or value: none.
	Name, Value string
}

var _ source.Entry = (*Gap)(nil)

// Time implements source.Entry. It is none, because a gap says nothing of how fresh the entries are.
func (*Gap) Time() time.Time { return time.Time{} }

// Record implements source.Entry. The record is dated at the gap's end, where the entries go on. The same gap of the same
// log always has the same log.record.uid.
func (g *Gap) Record(r plog.LogRecord) {
	from, to := g.From.UTC().Format(time.RFC3339Nano), g.To.UTC().Format(time.RFC3339Nano)
	text := "Entries from " + from + " to " + to + " cannot be read any more: " + g.Reason
	attributes := Begin(r, Head{
		Time:     g.To,
		Observed: g.Observed,
		UID:      ContentID(strings.Join([]string{GapEvent, string(g.Subject), from, to}, "\x00")),
		Type:     "gap",
		Code: Row{
			Code:         Code{Name: "Gap", Category: "system", Outcome: Unknown, Severity: plog.SeverityNumberWarn},
			Event:        GapEvent,
			SeverityText: "WARN",
		},
		Body: text,
	}, 5)
	if g.Name != "" {
		Put(attributes, g.Name, g.Value)
	}
	attributes.PutStr("user_log.description", text)
	attributes.PutStr("user_log.gap.from", from)
	attributes.PutStr("user_log.gap.to", to)
	attributes.PutStr("user_log.gap.reason", g.Reason)
}
