package record

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

func TestTheHeadOfARecord(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	r := plog.NewLogRecord()
	attributes := Begin(r, Head{Time: at, Observed: 5, UID: "u1", Type: "no", Code: codes(t).Lookup("no"), Body: "b\xff"}, 1)
	Put(attributes, "user.id", "ada")
	Put(attributes, "user.name", "")
	assert.Equal(t, pcommon.NewTimestampFromTime(at), r.Timestamp())
	assert.EqualValues(t, 5, r.ObservedTimestamp())
	assert.Equal(t, "acme.no", r.EventName())
	assert.Equal(t, plog.SeverityNumberWarn, r.SeverityNumber())
	assert.Equal(t, "WARN", r.SeverityText())
	assert.Equal(t, "b\ufffd", r.Body().Str())
	assert.Equal(t, map[string]any{
		"log.record.uid": "u1", "user_log.type": "no", "user_log.name": "Not Let In", "user_log.category": "login",
		"user_log.outcome": "failure", "user.id": "ada",
	}, r.Attributes().AsRaw())
}

func TestWhatHasNoTimeHasNoTimestamp(t *testing.T) {
	t.Parallel()
	for at, want := range map[time.Time]pcommon.Timestamp{
		{}:                               0,
		time.Unix(-1, 0):                 0,
		time.Unix(1, 5):                  1e9 + 5,
		time.Unix(9223372035, 999999999): 9223372035999999999,
		time.Unix(9223372036, 0):         0,
		time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC): 0,
	} {
		assert.Equal(t, want, Timestamp(at), at)
	}
}
