package auth0

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestUserLogServesEntriesByteForByte(t *testing.T) {
	r := start(t, Options{})
	odd := "{ \"log_id\":\"1\",\n \"x\": 1.50, \"html\":\"<&>\", \"big\":12345678901234567890 }"
	r.publish(ada, odd)
	got := r.get(adaLogs)
	assert.Equal(t, "["+odd+"]", got.body)
	assert.Equal(t, "application/json; charset=utf-8", got.header.Get("Content-Type"))
	assert.Equal(t, odd, r.get("/api/v2/logs/1").body)
}

func TestUserLogOfUnknownUserIsEmptyArray(t *testing.T) {
	got := start(t, Options{}).get("/api/v2/users/nobody/logs?sort=date:-1")
	assert.Equal(t, http.StatusOK, got.status)
	assert.Equal(t, "[]", got.body)
}

func TestUserLogOrders(t *testing.T) {
	r := start(t, Options{})
	// Arrival a < b < c < d, but b happened last and c has no date; a and d happened at once.
	r.publish(ada, event("a", 1), event("b", 5), `{"log_id":"c"}`, event("d", 1))
	for query, want := range map[string][]string{
		"":                   {"d", "c", "b", "a"},
		"?sort=date:-1":      {"b", "d", "a", "c"},
		"?sort=date:1":       {"c", "a", "d", "b"},
		"?sort=type:1":       {"c", "a", "b", "d"},
		"?sort=date%3A-1":    {"b", "d", "a", "c"},
		"?from=a&take=1&q=x": {"d", "c", "b", "a"},
	} {
		assert.Equal(t, want, r.get(adaLogs+query).ids(t), query)
	}
}

func TestUserLogLateEntryTakesThePlaceOfItsDate(t *testing.T) {
	r := start(t, Options{})
	r.publish(ada, event("1", 10), event("3", 30))
	r.publish(ada, event("4", 20))
	assert.Equal(t, []string{"3", "4", "1"}, r.get(adaLogs+"?sort=date:-1").ids(t))
}

func TestUserLogPages(t *testing.T) {
	r := start(t, Options{})
	require.NoError(t, r.Publish(ada, events(1200)...))
	for name, c := range map[string]struct {
		query string
		n     int
		first string
	}{
		"fifty by default":             {"?sort=date:-1", 50, "001199"},
		"hundred at most":              {"?sort=date:-1&per_page=100&page=1", 100, "001099"},
		"last page of the window":      {"?sort=date:-1&per_page=100&page=9", 100, "000299"},
		"page beyond the end is empty": {"?sort=date:-1&page=0&per_page=7", 7, "001199"},
	} {
		t.Run(name, func(t *testing.T) {
			got := r.get(adaLogs + c.query).ids(t)
			require.Len(t, got, c.n)
			assert.Equal(t, c.first, got[0])
		})
	}
}

func TestUserLogRefusesBadQueries(t *testing.T) {
	r := start(t, Options{})
	require.NoError(t, r.Publish(ada, events(3)...))
	for query, want := range map[string]string{
		"?per_page=1000":         "Query validation error: 'Value 1000 is greater than maximum 100' on property per_page",
		"?per_page=0":            "'Value 0 is less than minimum 1' on property per_page",
		"?per_page=x":            "on property per_page",
		"?page=-1":               "on property page",
		"?page=10&per_page=100":  "Requesting page 11 exceeds the allowed maximum of 1000 records: please consider searching by checkpoint https://",
		"?page=20":               "Requesting page 21 exceeds",
		"?sort=log_id:-1":        "String does not match pattern",
		"?sort=date":             "String does not match pattern",
		"?include_totals=please": "on property include_totals",
	} {
		got := r.get(adaLogs + query)
		assert.Equal(t, http.StatusBadRequest, got.status, query)
		e := got.message(t)
		assert.Contains(t, e.Message, want, query)
		assert.Equal(t, "Bad Request", e.Reason)
	}
}

func TestUserLogTotalIsTheLengthOfThePage(t *testing.T) {
	r := start(t, Options{})
	require.NoError(t, r.Publish(ada, events(5)...))
	var got struct {
		Start, Limit, Length, Total int
		Logs                        []json.RawMessage
	}
	require.NoError(t, json.Unmarshal([]byte(r.get(adaLogs+"?include_totals=true&per_page=2&page=2").body), &got))
	assert.Equal(t, []int{4, 2, 1, 1, 1}, []int{got.Start, got.Limit, got.Length, got.Total, len(got.Logs)})
}

func TestUserLogLinksAreHTTPAndOnlyFirstAndLast(t *testing.T) {
	r := start(t, Options{})
	require.NoError(t, r.Publish(ada, events(5)...))
	host := r.url[len("http://"):]
	link := func(page int) string {
		return fmt.Sprintf("<http://%s%s?per_page=2&page=%d>", host, adaLogs, page)
	}
	assert.Equal(t, link(0)+`; rel="first", `+link(2)+`; rel="last"`, r.get(adaLogs+"?per_page=2&page=1").header.Get("Link"))
}

func TestUserStatusFailsTheUserOnly(t *testing.T) {
	r := start(t, Options{})
	r.publish(ada, event("1", 1))
	r.publish("auth0|b", event("2", 1))
	for status, code := range map[int]string{404: "inexistent_user", 403: "insufficient_scope", 429: "too_many_requests", 503: ""} {
		r.SetUserStatus(ada, status)
		got := r.get(adaLogs)
		assert.Equal(t, status, got.status)
		assert.Equal(t, code, got.message(t).ErrorCode)
		assert.Equal(t, []string{"2"}, r.get("/api/v2/users/auth0%7Cb/logs").ids(t))
	}
	r.SetUserStatus(ada, 0)
	assert.Equal(t, []string{"1"}, r.get(adaLogs).ids(t))
}

func TestRemovedEntryVanishesEverywhere(t *testing.T) {
	for _, user := range []string{ada, ""} {
		r := start(t, Options{})
		r.publish(ada, event("1", 1), event("2", 2))
		assert.False(t, r.Remove("auth0|other", "1"))
		assert.True(t, r.Remove(user, "1"))
		assert.False(t, r.Remove(user, "1"))
		assert.Len(t, r.Entries(ada), 1)
		assert.Len(t, r.Entries(""), 1)
		assert.Equal(t, []string{"2"}, r.get(adaLogs+"?sort=date:1").ids(t))
	}
}

func TestPublishRefusesWhatIsNoObjectAndPublishesNothing(t *testing.T) {
	r := start(t, Options{})
	for _, bad := range []string{``, `[]`, `"x"`, `{"a":`, `null`} {
		require.ErrorContains(t, r.Publish(ada, json.RawMessage(event("1", 1)), json.RawMessage(bad)), "entry 1")
	}
	assert.Empty(t, r.Entries(""))
}

func TestPublishTakesFieldsOfUnexpectedTypes(t *testing.T) {
	r := start(t, Options{})
	r.publish(ada, `{"_id":"b","date":{"$date":1}}`, `{"log_id":7,"_id":"a","date":null}`)
	assert.Len(t, r.Entries(ada), 2)
	assert.Equal(t, http.StatusOK, r.get("/api/v2/logs/a").status)
}
