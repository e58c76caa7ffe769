//go:build e2e

package e2e

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

// TestRecordsAreShapedBeforeTheyLeave has privacy and operators at work on the records of all systems: nothing that was to
// stay leaves the collector, what operators filter out does not come later, and everything is counted.
func TestRecordsAreShapedBeforeTheyLeave(t *testing.T) {
	t.Parallel()
	const each, key = 40, "canary-hash-key-61d0"
	w := newWorld(t, newAuth0(), newTenant())
	w.metrics = true
	w.secrets.add(key)
	w.keys["body"] = "description"
	w.keys["privacy"] = object{
		"drop": []string{"user_log.description"}, "hash": object{"attributes": []string{"user.id"}, "key": key}, "truncate_ip": true,
	}
	w.keys["operators"] = []object{
		{"type": "filter", "expr": `attributes["user_log.type"] == "s"`},
		{"type": "add", "field": "attributes.team", "value": "identity"},
	}
	w.backlog(each)
	kept := map[string]*fact{}
	for uid, f := range w.book.facts {
		if f.attributes["user_log.type"] != "s" {
			kept[uid] = f
		}
	}
	require.Less(t, len(kept), len(w.book.facts), "some are filtered out")
	c := w.start()
	c.until("what is kept arrives", waitLimit, func() bool { return w.sink.distinct() >= len(kept) })
	w.cycles(c, 3)
	assert.InDelta(t, len(w.book.facts)-len(kept), c.metric("entries_skipped"), 0, "entries that operators left no record of")
	c.stopWell()
	assert.Zero(t, w.sink.repeats())
	for _, a := range w.sink.all() {
		f := kept[a.uid]
		require.NotNil(t, f, "a record that was to be filtered out")
		assert.Equal(t, f.event, a.record.EventName())
		assert.Equal(t, pcommon.NewTimestampFromTime(f.at), a.record.Timestamp())
		got := a.record.Attributes().AsRaw()
		assert.Equal(t, "identity", got["team"])
		assert.NotContains(t, got, "user_log.description")
		assert.Equal(t, f.attributes["client.address"][:strings.LastIndex(f.attributes["client.address"], ".")]+".0", got["client.address"])
		if user := f.attributes["user.id"]; user != "" {
			mac := hmac.New(sha256.New, []byte(key))
			mac.Write([]byte(user))
			assert.Equal(t, hex.EncodeToString(mac.Sum(nil)), got["user.id"])
		}
		assert.NotContains(t, a.body(), "203.0.113.", "the body holds nothing that privacy keeps out of the attributes")
	}
}
