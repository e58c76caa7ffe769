package canvas

import (
	"net/http"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestEventStandsInTheLogsOfItsUserLoginAndAccount(t *testing.T) {
	t.Parallel()
	r := start(t, Options{})
	r.Publish(event("a", 1), Event{ID: "b", At: noon, Type: "logout", User: 3}, Event{ID: "c", At: noon, Login: 5, Account: 2})
	for path, want := range map[string][]string{"users/3": {"a", "b"}, "logins/5": {"a", "c"}, "accounts/1": {"a"}, "accounts/2": {"c"}} {
		assert.Equal(t, want, r.get(api+path).ids(t), path)
	}
	assert.Equal(t, http.StatusNotFound, r.get(api+"users/0").status, "null is nobody")
}

func TestLogIsNewestSecondFirstAndLateEventsTakeTheirPlace(t *testing.T) {
	t.Parallel()
	r := start(t, Options{})
	r.publish(10, 30, 20, 30, 5)
	assert.Equal(t, []string{"3", "1", "2", "0", "4"}, r.get(userLog).ids(t))
	var oldestFirst []string
	for _, raw := range r.Entries("users/3") {
		oldestFirst = append(oldestFirst, readRaw(raw).ID)
	}
	assert.Equal(t, []string{"4", "0", "2", "1", "3"}, oldestFirst)
	assert.Nil(t, r.Entries("users/4"))
}

func TestCreatedAtIsCutToItsSecond(t *testing.T) {
	t.Parallel()
	denver := time.FixedZone("", -6*60*60)
	for want, zone := range map[string]*time.Location{"2026-03-01T12:00:00Z": nil, "2026-03-01T06:00:00-06:00": denver} {
		r := start(t, Options{Zone: zone})
		r.Publish(Event{ID: "a", At: noon.Add(999 * time.Millisecond), User: 3}, Event{ID: "b", At: noon.Add(time.Millisecond), User: 3})
		got := r.get(userLog).compound(t)
		assert.Equal(t, []string{want, want}, []string{got.Events[0].CreatedAt, got.Events[1].CreatedAt})
		assert.Equal(t, "b", got.Events[0].ID, "within a second the one published last comes first")
	}
}

func TestRemovedEventVanishesFromAllLogs(t *testing.T) {
	t.Parallel()
	r := start(t, Options{})
	r.publish(1, 2)
	assert.False(t, r.Remove("9"))
	assert.False(t, r.Remove(""))
	assert.True(t, r.Remove("0"))
	assert.False(t, r.Remove("0"))
	for _, path := range []string{"users/3", "logins/5", "accounts/1"} {
		assert.Equal(t, []string{"1"}, r.get(api+path).ids(t), path)
	}
}

func TestRawEventIsServedByteForByte(t *testing.T) {
	t.Parallel()
	const odd = "{ \"id\":\"raw\" , \"created_at\" : \"x\",\n \"html\":\"<&>\", \"links\":{\"user\":\"3\",\"login\":{},\"page_view\":\"v\"} }"
	r := start(t, Options{})
	r.publish(1, 3)
	r.AddUser(3, "Ada")
	r.AddPageView("v", "203.0.113.7", "", "", "")
	r.PublishRaw([]string{"users/3", "accounts/8"}, noon.Add(2*time.Second), []byte(odd))
	got := r.get(userLog)
	assert.Contains(t, got.body, `},`+odd+`,{`)
	assert.Equal(t, "v", got.compound(t).Linked["page_views"][0]["id"], "what it names is linked, as far as it can be read")
	got = r.get(api + "accounts/8")
	assert.Contains(t, got.body, `"events":[`+odd+`]`)
	assert.Equal(t, "Ada", got.compound(t).Linked["users"][0]["name"])
	assert.True(t, r.Remove("raw"))

	r.PublishRaw([]string{"users/9"}, noon, []byte(`{"cut off`))
	r.PublishRaw([]string{"users/9"}, noon, nil)
	assert.Contains(t, r.get(api+"users/9").body, `"events":[,{"cut off]`)
}

func TestTimeBoundsAreInclusiveAndCutToTheirSecond(t *testing.T) {
	t.Parallel()
	r := start(t, Options{})
	r.publish(0, 10, 20, 30)
	for query, want := range map[string][]string{
		"?start_time=" + iso(10):                                           {"3", "2", "1"},
		"?end_time=" + iso(20):                                             {"2", "1", "0"},
		"?start_time=" + iso(10) + "&end_time=" + iso(20):                  {"2", "1"},
		"?start_time=" + iso(11) + "&end_time=" + iso(19):                  {},
		"?start_time=" + iso(20) + "&end_time=" + iso(10):                  {},
		"?start_time=2026-03-01T12:00:10.900Z":                             {"3", "2", "1"},
		"?end_time=2026-03-01T12:00:10.100Z":                               {"1", "0"},
		"?start_time=2026-03-01T13:00:20%2B01:00":                          {"3", "2"},
		"?start_time=2026-03-01T13:00:20+01:00":                            {"3", "2", "1", "0"}, // the + is a space now
		"?start_time=1772366420":                                           {"3", "2", "1", "0"},
		"?start_time=yesterday&end_time=":                                  {"3", "2", "1", "0"},
		"?start_time=2026-03-01&end_time=2026-03-02":                       {"3", "2", "1", "0"},
		"?end_time=2026-03-01":                                             {},
		"?start_time=2026-03-01T12:00:20&end_time=2026-03-01T12:00:20":     {"2"},
		"?start_time=2026-03-01T12:00:30Z&end_time=2026-03-01T12:00:30.9Z": {"3"},
	} {
		assert.Equal(t, want, r.get(userLog+query).ids(t), query)
	}
}

func TestTimeWithoutZoneIsOfTheServersZone(t *testing.T) {
	t.Parallel()
	r := start(t, Options{Zone: time.FixedZone("", -6*60*60)})
	r.publish(0)
	assert.Len(t, r.get(userLog+"?start_time=2026-03-01T06:00:00").ids(t), 1)
	assert.Empty(t, r.get(userLog+"?start_time=2026-03-01T12:00:00").ids(t))
}

func TestPageSizes(t *testing.T) {
	t.Parallel()
	r := start(t, Options{})
	for i := range 250 {
		r.Publish(event(strconv.Itoa(i), i))
	}
	for query, want := range map[string]int{
		"": 10, "?per_page=25": 25, "?per_page=100": 100, "?per_page=1000": 100, "?per_page=0": 1, "?per_page=-3": 1, "?per_page=x": 1,
	} {
		assert.Len(t, r.get(userLog+query).ids(t), want, query)
	}
	small := start(t, Options{MaxPerPage: 3})
	small.publish(1, 2, 3, 4)
	got := small.get(userLog + "?per_page=100")
	assert.Len(t, got.ids(t), 3)
	assert.Contains(t, got.next(t), "per_page=3")
}

func TestLargeLogIsCheapToExtendAndToRead(t *testing.T) { // not parallel: it counts what the process allocates
	const n = 200_000
	r := start(t, Options{})
	all := make([]Event, n)
	for i := range all {
		all[i] = event(strconv.Itoa(i), i)
	}
	r.Publish(all...)
	next := userLog + "?per_page=100"
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 20 {
		next = r.get(next).next(t)
		r.get(userLog + "?per_page=100&end_time=" + iso(n/2))
	}
	runtime.ReadMemStats(&after)
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(40*n*8/4), "no request copies a quarter of the log")

	began := time.Now()
	for i := range 200 {
		r.Publish(event("late", i))
	}
	assert.Less(t, time.Since(began), 5*time.Second, "a sort for each late event takes far longer")
}
