package loki_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/backends/rig"
)

// Entries that Loki refuses by default. Each stands between two good ones, in the same request.
func TestEntriesThatLokiWouldRefuse(t *testing.T) {
	now := time.Now().UTC().Truncate(time.Second)
	for name, test := range map[string]struct {
		at     time.Time
		more   string
		reason string
		check  func(t *testing.T, line rig.Line)
	}{
		"dated ahead": {
			now.Add(20 * time.Minute), "", "too_far_in_future",
			func(t *testing.T, line rig.Line) {
				assert.WithinRange(t, line.Time, now, time.Now(), "the time of reading")
				assert.Contains(t, line.Text, now.Add(20*time.Minute).Format("2006-01-02T15:04:05"))
			},
		},
		"long attributes": {
			now, fmt.Sprintf(`, "user_agent": %q, "description": "caf%s"`, strings.Repeat("a", 70<<10), strings.Repeat("é", 4<<10)), "structured_metadata_too_large",
			func(t *testing.T, line rig.Line) {
				assert.Equal(t, strings.Repeat("a", 4096), line.Metadata["user_agent_original"])
				assert.Equal(t, "caf"+strings.Repeat("é", 2046), line.Metadata["user_log_description"], "no character is cut in two")
				assert.Greater(t, len(line.Text), 70<<10, "the line has all")
			},
		},
		"long lists": {
			now, fmt.Sprintf(`, "scope": %q`, "openid "+strings.Repeat("a", 70<<10)), "structured_metadata_too_large",
			func(t *testing.T, line rig.Line) {
				assert.Equal(t, `["openid","`+strings.Repeat("a", 4096-len(`["openid","`)), line.Metadata["auth0_scope"])
			},
		},
		"long line": {
			now, fmt.Sprintf(`, "details": {"note": %q}`, strings.Repeat("a", 300<<10)), "line_too_long",
			func(t *testing.T, line rig.Line) { assert.Len(t, line.Text, 256<<10) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Run("arrive", func(t *testing.T) {
				w := newWorld(t, rig.LokiOptions{})
				w.publish(auth0Entry(now, 1, ""), auth0Entry(test.at, 2, test.more), auth0Entry(now, 3, ""))
				w.untilExported(w.start(), 3)
				require.ElementsMatch(t, w.published("auth0"), w.stored("auth0"))
				for _, line := range w.lines("auth0") {
					if strings.HasSuffix(line.Metadata["log_record_uid"], "2") {
						test.check(t, line)
					}
				}
			})
			t.Run("without the transform are refused, and their neighbours are not", func(t *testing.T) {
				w := newWorld(t, rig.LokiOptions{})
				w.publish(auth0Entry(now, 1, ""), auth0Entry(test.at, 2, test.more), auth0Entry(now, 3, ""))
				c := w.start("processors::transform/loki::log_statements: []")
				w.untilExported(c, 3)
				assert.Len(t, w.stored("auth0"), 2)
				assert.InDelta(t, 1, w.loki.Metric("loki_discarded_samples_total", map[string]string{"reason": test.reason}), 0)
				assert.Greater(t, w.exported("send_failed"), 1, "the whole request")
				assert.Contains(t, c.Stderr(), "Dropping data")
			})
		})
	}
}

// What is too old for Loki is refused and told; the limits that the page gives let it in.
func TestEntriesOfLastWeek(t *testing.T) {
	for name, test := range map[string]struct {
		limits string
		stored int
	}{
		"are refused by default":    {"", 1},
		"arrive if Loki is told so": {limits(t), 2},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, rig.LokiOptions{Limits: test.limits})
			w.publish(auth0Entry(w.now.Add(-9*24*time.Hour), 1, ""), auth0Entry(w.now, 2, ""))
			c := w.start("receivers::user_log/auth0::initial_lookback: 240h")
			w.untilExported(c, 2)
			assert.Len(t, w.stored("auth0"), test.stored)
			assert.Equal(t, test.stored == 1, strings.Contains(c.Stderr(), "Dropping data"))
		})
	}
}

// A page of large entries is more than the parts of Loki hand on to each other at once.
func TestLargePages(t *testing.T) {
	large := func(w *world) {
		for i := range 100 {
			w.publish(auth0Entry(w.now, i, fmt.Sprintf(`, "details": {"note": %q}`, strings.Repeat("a", 50<<10))))
		}
	}
	t.Run("arrive", func(t *testing.T) {
		w := newWorld(t, rig.LokiOptions{})
		large(w)
		w.untilExported(w.start(), 100)
		assert.InDelta(t, 100, w.counted("auth0"), 0)
	})
	t.Run("are repeated for ever if they are not split", func(t *testing.T) {
		w := newWorld(t, rig.LokiOptions{})
		large(w)
		c := w.start("exporters::otlp_http::sending_queue::batch::max_size: 0")
		c.Until("the request is repeated", readLimit, func() bool {
			return strings.Contains(c.Stderr(), "Will retry the request after interval")
		})
		assert.Less(t, w.counted("auth0"), 100.0)
	})
}
