//go:build e2e

package e2e

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
)

// oddEntries are entries that no tenant was seen to give, each a JSON object nevertheless. DATE stands for a recent one.
var oddEntries = []string{
	`{}`,
	`{"type":"s"}`,
	`{"type":"f","date":null,"log_id":null,"_id":""}`,
	`{"date":"DATE","type":"no_id"}`,
	`{"date":"DATE","_id":"old-id-only","type":"s"}`,
	`{"date":"DATE","log_id":9007199254740993,"type":17}`,
	`{"date":"DATE","log_id":{"nested":1},"_id":"behind-an-object","type":["s"]}`,
	`{"date":1700000000,"log_id":"date-is-a-number","type":"s"}`,
	`{"date":"yesterday","log_id":"date-is-a-word","type":"s"}`,
	`{"date":"9999-12-31T23:59:59.999Z","log_id":"year-9999","type":"s"}`,
	`{"date":"2036-01-01T00:00:00.000Z","log_id":"in-the-future","type":"s"}`,
	`{"date":"DATE","log_id":"unknown-type","type":"zz_not_in_the_table","ip":{"a":1},"client_ip":"203.0.113.9"}`,
	`{"date":"DATE","LOG_ID":"spoof","Log_Id":"spoof","log_id":"case-variants","type":"s","Type":"f"}`,
	`{"date":"DATE","log_id":"first","type":"f","log_id":"the-last-counts","type":"s"}`,
	`{"date":"DATE","log_id":"caf\u00e9/é/../\u2028","type":"s","user_name":"a\u0000b\ud800c"}`,
	`{ "date" : "DATE" ,"log_id"	:"white-space", "n":1.0e400, "m":-0.0, "type":"s" , "location_info":{"latitude":"12.5","longitude":1e2} }`,
	`{"date":"DATE","log_id":"line\nfeed\u001b[31m","type":"s","description":"{\"level\":\"error\"}"}`,
	`{"date":"DATE","log_id":"deep","type":"s","details":` + strings.Repeat("[", 2000) + strings.Repeat("]", 2000) + `}`,
	`{"date":"DATE","log_id":"long","type":"s","details":"` + strings.Repeat("x", 300_000) + `"}`,
}

func TestOddEntriesArriveOnceAndUnaltered(t *testing.T) {
	t.Parallel()
	const user = "auth0|odd"
	r := newRig(t, auth0.Options{})
	r.users(user)
	wanted := map[string]bool{}
	publish := func(body string) {
		raw := strings.ReplaceAll(body, "DATE", time.Now().Add(-time.Minute).UTC().Format(dateFormat))
		require.True(t, json.Valid([]byte(raw)), "%.100s", raw)
		wanted[raw] = true
		require.NoError(t, r.tenant.Publish(user, json.RawMessage(raw)))
	}
	for _, body := range oddEntries {
		publish(body)
	}
	broken := `{"date":"` + time.Now().UTC().Format(dateFormat) + `","log_id":"not-utf8","type":"s","user_name":"a` + "\xff\xfe" + `b"}`
	require.NoError(t, r.tenant.Publish(user, json.RawMessage(broken)))
	wanted[string([]rune(broken))] = true // protobuf has to be UTF-8: U+FFFD stands for each byte that is not

	began := time.Now()
	c := r.start()
	c.until("all arrive", waitLimit, func() bool { return len(r.sink.all()) >= len(wanted) })
	r.cycles(c, 5, user)
	publish(`{"date":"DATE","log_id":"normal-again","type":"s"}`) // an entry of the year 9999 does not hide it
	c.until("a normal entry arrives", waitLimit, func() bool { return len(r.sink.all()) >= len(wanted) })
	r.cycles(c, 5, user)
	c.stopWell()
	c = r.start()
	r.cycles(c, 5, user)
	c.stopWell()

	uids, unwanted := map[string]string{}, []string(nil)
	for _, a := range r.sink.all() {
		if !wanted[a.body()] {
			unwanted = append(unwanted, a.uid)
			continue
		}
		delete(wanted, a.body())
		assert.NotContains(t, uids, a.uid, "two entries with one id")
		uids[a.uid] = a.body()
		want := readEntry(t, json.RawMessage(a.body()))
		if want.time.Year() > 2261 { // beyond what a timestamp can say
			want.time = time.Time{}
		}
		assertRecord(t, want, a, began, time.Now())
	}
	assert.Empty(t, some(unwanted), "ids of records that came twice, or whose body is none of the entries")
	for body := range wanted {
		assert.Fail(t, "an entry never arrived", "%.200s", body)
	}
}
