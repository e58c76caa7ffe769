package auth0

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTenantLogIsNewestIDFirst(t *testing.T) {
	r := start(t, Options{})
	r.publish(ada, event("1", 9))
	r.publish("", event("2", 1))
	assert.Equal(t, []string{"2", "1"}, r.get("/api/v2/logs").ids(t))
	assert.Equal(t, []string{"1", "2"}, r.get("/api/v2/logs?sort=date:-1").ids(t))
	assert.Equal(t, []string{"1"}, r.get(adaLogs).ids(t))
}

func TestTenantLogSearch(t *testing.T) {
	r := start(t, Options{})
	r.publish(ada, event("1", 10), event("2", 20), `{"log_id":"3"}`)
	r.publish(`x|"y`, event("4", 30))
	for q, want := range map[string][]string{
		`user_id:"` + ada + `"`: {"3", "2", "1"},
		`user_id:"x|\"y"`:       {"4"},
		`user_id:"nobody"`:      {},
		`date:[2026-03-01T12:00:10.000Z TO 2026-03-01T12:00:20.000Z]`:          {"2", "1"},
		`date:{2026-03-01T12:00:10 TO 2026-03-01T12:00:30]`:                    {"4", "2"},
		`date:[2026-03-01T12:00:10 TO 2026-03-01T12:00:30}`:                    {"2", "1"},
		`date:[2026-03-01T12:00:20Z TO *]`:                                     {"4", "2"},
		`date:[* TO 2026-03-01]`:                                               {},
		`user_id:"` + ada + `" AND date:[2026-03-01 TO 2026-03-01T12:00:15Z]`:  {"1"},
		`date:[2026-03-01 TO 2026-03-02] AND user_id:"` + strings.ToUpper(ada): nil,
		`type:s`:                          nil,
		`date:[yesterday TO *]`:           nil,
		`date:[2026-03-02 TO 2026-03-01]`: {},
	} {
		got := r.get("/api/v2/logs?q=" + url.QueryEscape(q))
		if want == nil {
			assert.Equal(t, http.StatusBadRequest, got.status, q)
			continue
		}
		assert.Equal(t, want, got.ids(t), q)
	}
	q := url.QueryEscape(`date:[2026-03-01 TO *]`)
	assert.Equal(t, []string{"1", "2"}, r.get("/api/v2/logs?sort=date:1&per_page=2&q="+q).ids(t))
}

func TestCheckpointIsExclusiveAndAscending(t *testing.T) {
	r := start(t, Options{})
	require.NoError(t, r.Publish(ada, events(1500)...))
	var got []string
	from := "0"
	for {
		page := r.get("/api/v2/logs?take=100&page=99&sort=nonsense&from=" + from).ids(t)
		if len(page) == 0 {
			break
		}
		got = append(got, page...)
		from = page[len(page)-1]
	}
	require.Len(t, got, 1500)
	assert.IsIncreasing(t, got)
	assert.Equal(t, []string{"000008", "000009"}, r.get("/api/v2/logs?take=2&from=000007").ids(t))
	assert.Equal(t, []string{"000008"}, r.get("/api/v2/logs?take=1&from=000007x").ids(t))
}

func TestCheckpointLinkNeverEnds(t *testing.T) {
	r := start(t, Options{})
	r.publish("", event("1", 1), event("2", 2))
	next := func(from string) string {
		return fmt.Sprintf(`<%s/api/v2/logs?from=%s&take=1>; rel="next"`, r.url, from)
	}
	assert.Equal(t, next("1"), r.get("/api/v2/logs?from=0&take=1").header.Get("Link"))
	end := r.get("/api/v2/logs?from=2&take=1")
	assert.Equal(t, "[]", end.body)
	assert.Equal(t, next("2"), end.header.Get("Link"))
}

func TestTakeWithoutFromIsIgnored(t *testing.T) {
	r := start(t, Options{})
	require.NoError(t, r.Publish("", events(80)...))
	assert.Len(t, r.get("/api/v2/logs?take=100").ids(t), 50)
	assert.Equal(t, http.StatusBadRequest, r.get("/api/v2/logs?take=101&from=0").status)
}

func TestUnknownLogAndPathAreNotFound(t *testing.T) {
	r := start(t, Options{})
	for _, path := range []string{"/api/v2/logs/9", "/api/v2/nothing", "/nothing"} {
		got := r.get(path)
		assert.Equal(t, http.StatusNotFound, got.status)
		assert.Equal(t, "Not Found", got.message(t).Reason)
	}
}
