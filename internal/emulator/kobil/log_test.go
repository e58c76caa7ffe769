package kobil

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLogServesEntriesByteForByte(t *testing.T) {
	t.Parallel()
	r := start(t, Options{})
	odd := "{ \"id\":1,\n \"x\": 1.50, \"html\":\"<&>\", \"big\":12345678901234567890 }"
	r.publish("ada", odd)
	got := r.get(adaLog + "?limit=7")
	assert.Equal(t, `{"data":{"moreResultsAvailable":false,"reportingFilterUsed":{"deviceId":"null","limit":7,"offset":0,"userId":"ada"},`+
		`"reportingInfoItems":[`+odd+`]},"message":"Logs fetched successfully","status":"OK","subSystem":5}`, got.body)
	assert.Equal(t, "application/json", got.header.Get("Content-Type"))
}

func TestLogIsHighestIDFirstWhateverTheOrderOfArrival(t *testing.T) {
	t.Parallel()
	r := start(t, Options{})
	r.publishIDs("ada", 10, 30)
	r.publishIDs("ada", 20)
	r.publishIDs("ada", 40, 5)
	assert.Equal(t, []string{"40", "30", "20", "10", "5"}, r.get(adaLog).ids(t))
	assert.Equal(t, []string{"5", "10", "20", "30", "40"}, idsOf(t, r.Entries("ada")))
}

func idsOf(t *testing.T, entries []json.RawMessage) []string {
	t.Helper()
	out := []string{}
	for _, raw := range entries {
		var f struct{ ID json.RawMessage }
		require.NoError(t, json.Unmarshal(raw, &f))
		out = append(out, string(f.ID))
	}
	return out
}

func TestEntryWithoutIntegerIDStaysAboveWhatItWasPublishedOn(t *testing.T) {
	t.Parallel()
	for _, id := range []string{`"x"`, `"20"`, `1.5`, `1e3`, `99999999999999999999`, `null`, `{}`} {
		r := start(t, Options{})
		odd := `{"id":` + id + `}`
		r.publish("ada", `{"id":10}`, odd, `{"id":30}`, `{"id":9}`)
		r.publish("ada", `{"id":10}`) // the same id once more: beside it, above what came before
		assert.Equal(t, []string{"30", "10", id, "10", "9"}, r.get(adaLog).ids(t))
	}
	r := start(t, Options{})
	require.NoError(t, r.Publish("ada", json.RawMessage(`{"n":1}`), json.RawMessage(`{"id":-5}`), json.RawMessage(`{"n":2}`)))
	assert.Equal(t, `{"n":1} {"id":-5} {"n":2}`, fmt.Sprintf("%s %s %s", toAny(r.Entries("ada"))...))
}

func toAny(entries []json.RawMessage) []any {
	out := make([]any, len(entries))
	for i, raw := range entries {
		out[i] = string(raw)
	}
	return out
}

func TestLogPages(t *testing.T) {
	t.Parallel()
	r := start(t, Options{})
	for id := range int64(25) {
		r.publishIDs("ada", id)
	}
	for query, want := range map[string]struct {
		first, n int
		more     bool
	}{
		"":                    {24, 10, true},
		"?limit=10&offset=10": {14, 10, true},
		"?limit=10&offset=15": {9, 10, false},
		"?limit=10&offset=20": {4, 5, false},
		"?offset=24":          {0, 1, false},
		"?limit=1000":         {24, 25, false},
		"?limit=0":            {-1, 0, true},
		"?offset=25":          {-1, 0, false},
		"?offset=1000000":     {-1, 0, false},
		"?from=3&since=2":     {24, 10, true},
	} {
		got := r.get(adaLog + query)
		ids := got.ids(t)
		assert.Equal(t, want.more, *got.sample(t).Data.More, query)
		if assert.Len(t, ids, want.n, query); want.n > 0 {
			assert.Equal(t, strconv.Itoa(want.first), ids[0], query)
		}
	}
	assert.Contains(t, r.get(adaLog+"?offset=25").body, `"reportingInfoItems":[]`, "an empty list, not null")
}

func TestServerGivesFewerThanAskedAndSaysNothing(t *testing.T) {
	t.Parallel()
	r := start(t, Options{MaxLimit: 3, DefaultLimit: 2})
	r.publishIDs("ada", 1, 2, 3, 4)
	assert.Equal(t, []string{"4", "3"}, r.get(adaLog).ids(t))
	got := r.get(adaLog + "?limit=100")
	assert.Equal(t, []string{"4", "3", "2"}, got.ids(t))
	assert.Equal(t, 100, got.sample(t).Data.Filter.Limit)
	assert.True(t, *got.sample(t).Data.More)
}

func TestBadPagingIsRefused(t *testing.T) {
	t.Parallel()
	r := start(t, Options{})
	r.AddUsers("ada")
	for _, query := range []string{"?limit=-1", "?offset=-1", "?limit=x", "?offset=1.5"} {
		assert.Equal(t, http.StatusBadRequest, r.get(adaLog+query).status, query)
	}
}

func TestRemovedEntryVanishesAndTheRestMovesUp(t *testing.T) {
	t.Parallel()
	r := start(t, Options{})
	r.publish("ada", `{"id":1}`, `{"id":"x"}`, `{"id":2}`, `{"id":"7"}`, `{"id":3}`)
	r.publishIDs("bob", 2)
	assert.False(t, r.Remove("nobody", "2"))
	assert.False(t, r.Remove("ada", "9"))
	assert.False(t, r.Remove("ada", ""))
	assert.True(t, r.Remove("ada", "2"))
	assert.False(t, r.Remove("ada", "2"))
	assert.True(t, r.Remove("ada", "x"))
	assert.Equal(t, []string{"3", `"7"`, "1"}, r.get(adaLog).ids(t))
	assert.True(t, r.Remove("ada", "7"))
	assert.Equal(t, []string{"3", "1"}, r.get(adaLog).ids(t))
	assert.Len(t, r.Entries("bob"), 1)
	r.publishIDs("ada", 2)
	assert.Equal(t, []string{"3", "2", "1"}, r.get(adaLog).ids(t))
}

func TestPublishRefusesWhatIsNoObjectAndPublishesNothing(t *testing.T) {
	t.Parallel()
	r := start(t, Options{})
	for _, bad := range []string{``, `[]`, `"x"`, `{"id":`, `null`} {
		require.ErrorContains(t, r.Publish("ada", json.RawMessage(`{"id":1}`), json.RawMessage(bad)), "entry 1")
	}
	assert.Nil(t, r.Entries("ada"))
	assert.Empty(t, r.Users())
}

func TestPublishedBytesAreACopy(t *testing.T) {
	t.Parallel()
	r := start(t, Options{})
	raw := json.RawMessage(`{"id":1}`)
	require.NoError(t, r.Publish("ada", raw))
	raw[6] = '2'
	assert.Equal(t, []string{"1"}, r.get(adaLog).ids(t))
}

// The order of a log must not depend on how its entries were published together.
func TestBatchesAndSingleEntriesMakeTheSameLog(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		entries := make([]json.RawMessage, 30)
		for i := range entries {
			entries[i] = json.RawMessage(fmt.Sprintf(`{"id":%d,"n":%d}`, random.IntN(20), i))
			if random.IntN(4) == 0 {
				entries[i] = json.RawMessage(fmt.Sprintf(`{"n":%d}`, i))
			}
		}
		single, batched := start(t, Options{}), start(t, Options{})
		for _, e := range entries {
			require.NoError(t, single.Publish("u", e))
		}
		for batch := range slices.Chunk(entries, 1+random.IntN(10)) {
			require.NoError(t, batched.Publish("u", batch...))
		}
		assert.Equal(t, single.Entries("u"), batched.Entries("u"))
	}
}

func TestLargeLogIsCheapToExtendAndToRead(t *testing.T) { // not parallel: it counts what the process allocates
	const n = 200_000
	r := start(t, Options{})
	all := make([]json.RawMessage, n)
	for i := range all {
		all[i] = json.RawMessage(`{"id":` + strconv.Itoa(2*i) + `}`)
	}
	require.NoError(t, r.Publish("ada", all...))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i := range 20 {
		require.Equal(t, http.StatusOK, r.get(adaLog+"?limit=100&offset="+strconv.Itoa(5000*i)).status)
	}
	runtime.ReadMemStats(&after)
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(20*n*8/4), "no request copies a quarter of the log")

	began := time.Now()
	for i := range 200 {
		r.publish("ada", `{"id":`+strconv.Itoa(2*i+1)+`}`)
	}
	assert.Less(t, time.Since(began), 5*time.Second, "a sort for each late entry takes far longer")
}
