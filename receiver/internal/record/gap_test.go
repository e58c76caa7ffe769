package record

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

func TestGapIsTold(t *testing.T) {
	from, to := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC), time.Date(2026, 3, 1, 9, 30, 0, 5e6, time.UTC)
	g := Gap{
		Gap: source.Gap{From: from, To: to, Reason: "it was too long"}, Subject: "auth0|1", Observed: Timestamp(to.Add(time.Hour)),
		Name: "user.id", Value: "auth0|1",
	}
	r := plog.NewLogRecord()
	g.Record(r)
	assert.Equal(t, "user_log.gap", r.EventName())
	assert.Equal(t, to, r.Timestamp().AsTime())
	assert.Equal(t, to.Add(time.Hour), r.ObservedTimestamp().AsTime())
	assert.Equal(t, plog.SeverityNumberWarn, r.SeverityNumber())
	assert.Equal(t, "WARN", r.SeverityText())
	text := "Entries from 2026-03-01T08:00:00Z to 2026-03-01T09:30:00.005Z cannot be read any more: it was too long"
	assert.Equal(t, text, r.Body().Str())
	uid, _ := r.Attributes().Get("log.record.uid")
	assert.Equal(t, map[string]any{
		"log.record.uid": uid.Str(), "user_log.type": "gap", "user_log.name": "Gap", "user_log.category": "system",
		"user_log.outcome": "unknown", "user.id": "auth0|1", "user_log.description": text,
		"user_log.gap.from": "2026-03-01T08:00:00Z", "user_log.gap.to": "2026-03-01T09:30:00.005Z",
		"user_log.gap.reason": "it was too long",
	}, r.Attributes().AsRaw())
	assert.Zero(t, g.Time(), "a gap is not fresh")
}

func TestAGapIsKnownByItsLogAndTimes(t *testing.T) {
	uid := func(change func(*Gap)) string {
		g := Gap{Gap: source.Gap{From: time.Unix(1, 0), To: time.Unix(2, 0)}, Subject: "a"}
		change(&g)
		r := plog.NewLogRecord()
		g.Record(r)
		value, _ := r.Attributes().Get("log.record.uid")
		return value.Str()
	}
	same := uid(func(*Gap) {})
	assert.NotEmpty(t, same)
	assert.Equal(t, same, uid(func(g *Gap) { g.Observed = 7 }))
	for _, change := range []func(*Gap){
		func(g *Gap) { g.Subject = "b" }, func(g *Gap) { g.From = time.Unix(0, 1) }, func(g *Gap) { g.To = time.Unix(3, 0) },
	} {
		assert.NotEqual(t, same, uid(change))
	}
}
