package kobil

import (
	"encoding/json"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEachProductHasItsPath(t *testing.T) {
	t.Parallel()
	const shiftLog = "/auth/realms/acme/v3_user/ada/logs"
	for name, c := range map[string]struct {
		options  Options
		path     string
		status   int
		contains string
	}{
		"ssms":                      {Options{}, adaLog, 200, `"status":"OK"`},
		"ssms has no path of shift": {Options{TenantID: "acme"}, shiftLog, 404, `{"error":"HTTP 404 Not Found"}`},
		"shift":                     {Options{Product: SHIFT, TenantID: "acme"}, shiftLog, 200, `"status":"OK"`},
		"shift has no path of ssms": {Options{Product: SHIFT, TenantID: "acme"}, adaLog, 404, `{"error":"HTTP 404 Not Found"}`},
		"another tenant":            {Options{Product: SHIFT, TenantID: "acne"}, shiftLog, 404, `{"error":"Realm does not exist"}`},
		"a path of one's own":       {Options{Path: "/v9/{userName}/of/{tenantId}", TenantID: "acme"}, "/v9/ada/of/acme", 200, `"status":"OK"`},
		"below the path":            {Options{}, adaLog + "/1", 404, `"HTTP 404 Not Found"`},
		"the list of users":         {Options{}, "/digitanium/v4/user", 404, `"HTTP 404 Not Found"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := start(t, c.options)
			r.AddUsers("ada")
			got := r.get(c.path)
			assert.Equal(t, c.status, got.status)
			assert.Contains(t, got.body, c.contains)
		})
	}
}

func TestUserNameIsDecodedFromOneSegment(t *testing.T) {
	t.Parallel()
	r := start(t, Options{})
	r.publishIDs("ada+x@example.com", 1)
	r.publishIDs("a/b", 2)
	assert.Equal(t, []string{"1"}, r.get("/digitanium/v4/user/ada%2Bx%40example.com/logs").ids(t))
	assert.Equal(t, []string{"1"}, r.get("/digitanium/v4/user/ada+x@example.com/logs").ids(t))
	assert.Equal(t, []string{"2"}, r.get("/digitanium/v4/user/a%2Fb/logs").ids(t))
	assert.Equal(t, http.StatusNotFound, r.get("/digitanium/v4/user/a/b/logs").status)
	var users []string
	for _, request := range r.Requests() {
		users = append(users, request.User)
	}
	assert.Equal(t, []string{"ada+x@example.com", "ada+x@example.com", "a/b", ""}, users)
}

func TestUnknownUserIsNotFoundAndAKnownOneHasAnEmptyLog(t *testing.T) {
	t.Parallel()
	r := start(t, Options{})
	got := r.get(adaLog)
	assert.Equal(t, http.StatusNotFound, got.status)
	assert.Equal(t, `{"message":"User does not exist","status":"USER_NOT_FOUND","subSystem":5}`, got.body)
	r.AddUsers("ada", "bob", "ada")
	assert.Empty(t, r.get(adaLog).ids(t))
	assert.Equal(t, []string{"ada", "bob"}, r.Users())
}

func TestUserStatusFailsTheUserOnly(t *testing.T) {
	t.Parallel()
	r := start(t, Options{})
	r.publishIDs("ada", 1)
	r.publishIDs("bob", 2)
	for status, body := range map[int]string{
		404: `{"message":"User does not exist","status":"USER_NOT_FOUND","subSystem":5}`,
		401: `{"error":"HTTP 401 Unauthorized"}`,
		403: `{"error":"HTTP 403 Forbidden"}`,
		503: `{"error":"HTTP 503 Service Unavailable"}`,
	} {
		r.SetUserStatus("ada", status)
		got := r.get(adaLog)
		assert.Equal(t, status, got.status)
		assert.Equal(t, body, got.body)
		assert.Equal(t, []string{"2"}, r.get("/digitanium/v4/user/bob/logs").ids(t))
	}
	r.SetUserStatus("ada", 0)
	assert.Equal(t, []string{"1"}, r.get(adaLog).ids(t))
}

func TestEnvelopes(t *testing.T) {
	t.Parallel()
	const (
		used = `"reportingFilterUsed":{"deviceId":"null","limit":1,"offset":0,"userId":"ada"}`
		tail = `"message":"Logs fetched successfully","status":"OK","subSystem":5}`
	)
	for envelope, want := range map[Envelope]string{
		EnvelopeSample:     `{"data":{"moreResultsAvailable":true,` + used + `,"reportingInfoItems":[{"id":2}]},` + tail,
		EnvelopeDocumented: `{"data":[{"id":2}],"moreResultsAvailable":true,"reportingFilterUsed":[{"deviceId":"null","limit":1,"offset":0,"userId":"ada"}],` + tail,
		EnvelopeTopLevel:   `{"moreResultsAvailable":true,` + used + `,"reportingInfoItems":[{"id":2}],` + tail,
	} {
		r := start(t, Options{Envelope: envelope})
		r.publish("ada", `{"id":1}`, `{"id":2}`)
		assert.Equal(t, want, r.get(adaLog+"?limit=1").body)
	}
}

func TestMoreResultsAvailableMayLie(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	for more, want := range map[More][2]*bool{
		MoreHonest:     {&yes, &no},
		MoreAbsent:     {nil, nil},
		MoreAlwaysTrue: {&yes, &yes},
	} {
		r := start(t, Options{More: more})
		r.publishIDs("ada", 1, 2)
		got := [2]*bool{r.get(adaLog + "?limit=1").sample(t).Data.More, r.get(adaLog + "?limit=1&offset=1").sample(t).Data.More}
		assert.Equal(t, want, got)
	}
}

func TestHooksActBeforeTheTokenIsChecked(t *testing.T) {
	t.Parallel()
	r := start(t, Options{Tokens: []string{"t"}})
	r.publishIDs("ada", 1, 2, 3)
	r.Intercept(func(w http.ResponseWriter, req *http.Request) bool {
		if req.URL.Query().Has("fail") {
			w.WriteHeader(http.StatusBadGateway)
			return true
		}
		return false
	})
	assert.Equal(t, http.StatusBadGateway, r.ask(http.MethodGet, adaLog+"?fail", "", "").status)
	r.OnRequest(func(_ *http.Request, n int) {
		if n == 3 {
			assert.NoError(t, r.Publish("ada", NewEntry("ada", 4, noon).JSON()))
		}
	})
	assert.Equal(t, []string{"3", "2"}, r.ask(http.MethodGet, adaLog+"?limit=2", "Bearer t", "").ids(t))
	assert.Equal(t, []string{"2", "1"}, r.ask(http.MethodGet, adaLog+"?limit=2&offset=2", "Bearer t", "").ids(t), "the rows moved down by one")
}

func TestRequestsAreRecordedByTheClockOfTheServer(t *testing.T) {
	t.Parallel()
	r := start(t, Options{Now: func() time.Time { return noon }})
	got := r.get(adaLog + "?limit=1")
	assert.Equal(t, noon.Format(http.TimeFormat), got.header.Get("Date"))
	assert.Equal(t, []Request{{
		Time: noon, Method: "GET", Path: adaLog, Query: map[string][]string{"limit": {"1"}}, Status: 404, Remaining: -1, User: "ada",
	}}, r.Requests())
	r.ResetRequests()
	assert.Empty(t, r.Requests())
}

func TestNewEntryHasTheFieldsOfTheSample(t *testing.T) {
	t.Parallel()
	e := NewEntry("ada", 185758, noon.Add(400*time.Millisecond))
	var fields map[string]any
	require.NoError(t, json.Unmarshal(e.JSON(), &fields))
	assert.Equal(t, map[string]any{
		"action": "13", "archived": false, "certificateSerialNumber": e.CertificateSerialNumber, "deviceId": "2001",
		"id": 185758.0, "issuerDN": e.IssuerDN, "logDate": strconv.FormatInt(noon.Unix(), 10), "status": "0", "userId": "ada",
	}, fields)
	e.Action, e.Details = "35", "key=KS.<IP>; owner=OWNER_DEVICE"
	assert.Contains(t, string(e.JSON()), `"action":"35"`)
	assert.Contains(t, string(e.JSON()), `"details":"key=KS.<IP>; owner=OWNER_DEVICE"`)
}

func TestInstallationIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	r := start(t, Options{})
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			user := strconv.Itoa(g % 3)
			for i := range 40 {
				id := int64(g*1000 + i)
				if err := r.Publish(user, NewEntry(user, id, noon).JSON()); err != nil {
					t.Error(err)
				}
				r.get("/digitanium/v4/user/" + user + "/logs?limit=20")
				r.Remove(user, strconv.FormatInt(id-10, 10))
				r.SetUserStatus("9", 404)
				_ = r.Requests()
			}
		})
	}
	wg.Wait()
	assert.Len(t, append(append(r.Entries("0"), r.Entries("1")...), r.Entries("2")...), 8*10)
}
