package pages

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// get asks a server and returns the numbers of the entries in its answer.
func get(t *testing.T, s *Server, path string) []int {
	t.Helper()
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	require.Equal(t, http.StatusOK, w.Code, w.Body)
	var entries []struct {
		LogID string `json:"log_id"`
	}
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &entries))
	numbers := make([]int, len(entries))
	for i, e := range entries {
		var ok bool
		numbers[i], ok = NumberOf(e.LogID)
		require.True(t, ok)
	}
	return numbers
}

func served1000() *Server {
	s := NewServer()
	s.Serve(*testLog())
	return s
}

func TestAWalkByCheckpointMeetsEveryEntryOnceAndInOrder(t *testing.T) {
	t.Parallel()
	s := served1000()
	from, met := "900"+strings.Repeat("0", idSize-len(idPrefix)), 0
	for {
		numbers := get(t, s, "/api/v2/logs?from="+from+"&take=100")
		if len(numbers) == 0 {
			break
		}
		for _, number := range numbers {
			require.Equal(t, met, number)
			met++
		}
		from = idOf(&s.served.Load().Log, met-1)
	}
	assert.Equal(t, 1000, met)
	stats := s.served.Load().counts.stats()
	assert.EqualValues(t, 11, stats.Requests)
	assert.EqualValues(t, 1, stats.Empty)
	assert.EqualValues(t, 1000, stats.Entries)

	s.Publish(3)
	assert.Equal(t, []int{1000, 1001, 1002}, get(t, s, "/api/v2/logs?from="+from+"&take=100"))
}

func TestACheckpointNeedNotBeAnEntry(t *testing.T) {
	t.Parallel()
	s := served1000()
	second := idOf(&s.served.Load().Log, 1)
	for from, want := range map[string]int{
		second:                          2,
		second[:idSize-1] + "0":         1, // just below it
		second[:len(idPrefix)+timeSize]: 1, // the same time, and nothing behind it
		"900" + strings.Repeat("9", idSize-3-1) + "8":    -1,
		"90020261122070000250" + strings.Repeat("9", 36): 1,
	} {
		numbers := get(t, s, "/api/v2/logs?from="+from+"&take=1")
		if want < 0 {
			assert.Empty(t, numbers, from)
			continue
		}
		assert.Equal(t, []int{want}, numbers, from)
	}
}

func TestTheLogOfAUserIsNewestFirst(t *testing.T) {
	t.Parallel()
	s := served1000()
	of := func(user int, rest string) []int {
		return get(t, s, "/api/v2/users/"+url.PathEscape(UserID(user))+"/logs?sort=date:-1"+rest)
	}
	assert.Equal(t, []int{999, 992, 985}, of(5, "&page=0&per_page=3"))
	assert.Equal(t, []int{978, 971, 964}, of(5, "&page=1&per_page=3"))
	assert.Len(t, of(5, "&page=1&per_page=100"), 43)
	assert.Len(t, of(6, "&page=1&per_page=100"), 42)
	assert.Empty(t, of(5, "&page=2&per_page=100"))
	assert.Empty(t, of(7, "&page=0&per_page=100"), "there is no such user")
	stats := s.served.Load().counts.stats()
	assert.EqualValues(t, 2, stats.ReadOnce)
	assert.EqualValues(t, 1, stats.ReadTwice)
}

func TestTheNewestEntriesOfTheTenantAreServedByPage(t *testing.T) {
	t.Parallel()
	s := served1000()
	assert.Equal(t, []int{999}, get(t, s, "/api/v2/logs?page=0&per_page=1"))
	assert.Equal(t, []int{996, 995, 994}, get(t, s, "/api/v2/logs?page=1&per_page=3"))
}

func TestWhatTheAPIDoesNotGiveIsRefused(t *testing.T) {
	t.Parallel()
	s := served1000()
	for _, path := range []string{
		"/api/v2/logs?take=100", "/api/v2/logs?from=900&take=101", "/api/v2/logs?from=900",
		"/api/v2/logs?page=10&per_page=100", "/api/v2/logs?page=-1&per_page=100", "/api/v2/logs?page=0&per_page=100&q=type:s",
		"/api/v2/users/" + url.PathEscape(UserID(0)) + "/logs?page=0&per_page=100&sort=date:1",
	} {
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		assert.Equal(t, http.StatusBadRequest, w.Code, path)
	}
}

func TestADriverChoosesTheLogAndReadsTheCounts(t *testing.T) {
	t.Parallel()
	s := NewServer()
	do := func(method, path, body string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(body)))
		return w
	}
	text, err := json.Marshal(testLog())
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, do(http.MethodPut, "/bench/log", string(text)).Code)
	require.Equal(t, http.StatusOK, do(http.MethodPost, "/bench/publish?n=4", "").Code)
	assert.Len(t, get(t, s, "/api/v2/logs?take=100&from="+idOf(testLog(), 949)), 54)
	var stats Stats
	require.NoError(t, json.Unmarshal(do(http.MethodGet, "/bench/stats", "").Body.Bytes(), &stats))
	assert.EqualValues(t, 1, stats.Requests)
	assert.EqualValues(t, 54, stats.Entries)
	assert.False(t, stats.First.IsZero())
	assert.Equal(t, http.StatusBadRequest, do(http.MethodPut, "/bench/log", `{"users":0}`).Code)
	assert.Equal(t, http.StatusBadRequest, do(http.MethodPost, "/bench/publish?n=x", "").Code)
}
