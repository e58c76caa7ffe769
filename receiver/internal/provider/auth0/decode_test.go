package auth0

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/userlog/userlog-otel/receiver/internal/record"
)

// arrival is when the pages of the tests arrived.
var arrival = time.Date(2025, 11, 7, 12, 0, 0, 123456789, time.UTC)

// decode reads a page that has to be readable.
func decode(t testing.TB, page string) []entry {
	t.Helper()
	entries, err := decodePage([]byte(page), arrival, testCodes(t))
	require.NoError(t, err)
	return entries
}

func testCodes(tb testing.TB) *record.Codes {
	tb.Helper()
	codes, err := DefaultCodes()
	require.NoError(tb, err)
	return codes
}

func raws(entries []entry) []string {
	list := make([]string, 0, len(entries))
	for i := range entries {
		list = append(list, entries[i].raw)
	}
	return list
}

func TestDecodePageShapes(t *testing.T) {
	for name, test := range map[string]struct {
		page string
		want []string
	}{
		"empty array":        {`[]`, []string{}},
		"spaces around":      {" \t\r\n[ ] \n", []string{}},
		"one":                {`[{"type":"s"}]`, []string{`{"type":"s"}`}},
		"bytes as sent":      {"[ { \"a\" :\n1 } ,\t{}]", []string{"{ \"a\" :\n1 }", `{}`}},
		"other elements":     {`[null, 7 ,"text",[1,{"type":"s"}],true,{}]`, []string{`null`, `7`, `"text"`, `[1,{"type":"s"}]`, `true`, `{}`}},
		"totals":             {`{"start":0,"limit":1,"length":1,"total":9,"logs":[{"type":"s"}]}`, []string{`{"type":"s"}`}},
		"totals, logs first": {`{"logs":[{"type":"s"},{}],"total":{"logs":null},"x":[]}`, []string{`{"type":"s"}`, `{}`}},
		"totals, no entries": {`{"total":0,"logs":[]}`, []string{}},
		"last logs count":    {`{"logs":[1,2],"logs":[3]}`, []string{`3`}},
		"last logs, mended":  {`{"logs":null,"logs":[3]}`, []string{`3`}},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, test.want, raws(decode(t, test.page)))
		})
	}
}

func TestDecodePageOfManyEntries(t *testing.T) {
	const n = 1000 // more than a page is thought to have
	page := "[" + strings.Repeat(`{"log_id":7},`, n-1) + `{"log_id":8}]`
	entries := decode(t, page)
	require.Len(t, entries, n)
	assert.Equal(t, "7", entries[n-2].uid())
	assert.Equal(t, "8", entries[n-1].uid())
}

func TestDecodePageNested(t *testing.T) {
	deep := `{"log_id":"1","details":` + strings.Repeat(`{"a":[`, 4000) + `1` + strings.Repeat(`]}`, 4000) + `,"type":"s"}`
	entries := decode(t, "["+deep+"]")
	require.Len(t, entries, 1)
	assert.Equal(t, deep, entries[0].raw)
	assert.Equal(t, "s", entries[0].text(fieldType))
}

func TestDecodePageRefuses(t *testing.T) {
	for name, test := range map[string]struct{ body, want string }{
		"nothing":           {"", "answer is empty"},
		"spaces":            {" \n", "answer is empty"},
		"null":              {"null", "answer is null, not a list of log entries, at byte 0"},
		"boolean":           {" false", "answer is a boolean, not a list of log entries, at byte 1"},
		"number":            {"31337", "answer is a number, not a list of log entries, at byte 0"},
		"string":            {`"SECRET"`, "answer is a string, not a list of log entries, at byte 0"},
		"empty object":      {`{}`, "answer is an object without logs"},
		"error":             {`{"statusCode":403,"error":"SECRET","message":"SECRET"}`, "answer is an object without logs"},
		"other name":        {`{"Logs":[],"SECRET":[]}`, "answer is an object without logs"},
		"logs null":         {`{"logs":null}`, "member logs is null, not a list of log entries, at byte 8"},
		"logs object":       {`{"logs":{"SECRET":1}}`, "member logs is an object, not a list of log entries, at byte 8"},
		"logs string":       {`{"total":1,"logs": "SECRET"}`, "member logs is a string, not a list of log entries, at byte 19"},
		"logs spoiled":      {`{"logs":[{}],"logs":1}`, "member logs is a number, not a list of log entries, at byte 20"},
		"HTML":              {" \n<!DOCTYPE html><p>SECRET", "answer is HTML or XML, not JSON"},
		"text":              {"SECRET", "answer is not JSON at byte 0"},
		"broken entry":      {`[{"type":"s","SECRET":nonsense}]`, "answer is not JSON at byte 23"},
		"wrong bracket":     {`[{"type":"s"]`, "answer is not JSON at byte 12"},
		"wrong end":         {`{"logs":[}`, "answer is not JSON at byte 9"},
		"missing comma":     {`[{} {}]`, "answer is not JSON at byte 4"},
		"NaN":               {`[{"SECRET":NaN}]`, "answer is not JSON at byte 11"},
		"too deep":          {strings.Repeat("[", 10001), "answer is nested too deep at byte 10000"},
		"cut in array":      {`[{"type":"s"},`, "answer ends inside its JSON document at byte 14"},
		"cut in entry":      {`[{"type":"SECRET`, "answer ends inside its JSON document at byte 16"},
		"cut in name":       {`[{"SECRET`, "answer ends inside its JSON document at byte 9"},
		"cut in details":    {`[{"details":{"SECRET":1`, "answer ends inside its JSON document at byte 23"},
		"cut in totals":     {`{"logs":[]`, "answer ends inside its JSON document at byte 10"},
		"cut before totals": {`{"total"`, "answer ends inside its JSON document at byte 8"},
		"cut at once":       {`[`, "answer ends inside its JSON document at byte 1"},
		"second document":   {`[][]`, "answer goes on after the end of its JSON document at byte 2"},
		"text behind":       {`[] SECRET`, "answer goes on after the end of its JSON document at byte 2"},
		"HTML behind":       {`{"logs":[]}<p>`, "answer goes on after the end of its JSON document at byte 11"},
		"NUL behind":        {"[]\x00", "answer goes on after the end of its JSON document at byte 2"},
	} {
		t.Run(name, func(t *testing.T) {
			entries, err := decodePage([]byte(test.body), arrival, testCodes(t))
			require.EqualError(t, err, test.want)
			assert.NotContains(t, err.Error(), "SECRET")
			assert.Nil(t, entries)
		})
	}
}

// A page cut short anywhere is refused: a half page taken for a whole one would be a gap that nobody sees.
func TestDecodePageRefusesEveryPrefix(t *testing.T) {
	for _, page := range []string{
		`[{"log_id":"1","scope":["a","b"],"location_info":{"latitude":1.5},"x":null},{"log_id":"2"},7]`,
		`{"total":2,"logs":[{"log_id":"1","details":{"session_id":"\u0041"}},{}],"start":0}`,
	} {
		decode(t, page)
		for n := range page {
			_, err := decodePage([]byte(page[:n]), arrival, testCodes(t))
			assert.Error(t, err, "%d bytes", n)
		}
	}
}

// Names count letter for letter, of repeated names the last counts, and a name may be written with escapes.
func TestDecodeEntryNames(t *testing.T) {
	for entry, want := range map[string]map[field]string{
		`{"type":"s","Type":"f","TYPE":"fp"}`:                           {fieldType: "s"},
		`{"type":"s","type":"f"}`:                                       {fieldType: "f"},
		`{"type":"s","type":null}`:                                      {},
		`{"type":"s","type":{"a":1}}`:                                   {},
		`{"\u0074ype":"s"}`:                                             {fieldType: "s"},
		`{"type":"s","\u0054ype":"f"}`:                                  {fieldType: "s"},
		`{"type ":"s","":"f","typ":"f"}`:                                {},
		`{"details":{"type":"s","ip":"1","location_info":{"ja3":"x"}}}`: {},
		`{"location_info":{"country_code":"DE"},"location_info":null}`:  {},
		`{"location_info":{"country_code":"DE","city_name":"Berlin"},"location_info":{"city_name":"Bonn"}}`: {fieldCityName: "Bonn"},
		`{"location_info":{"country_code":"DE"},"security_context":{"ja3":"x"},"references":{}}`:            {fieldCountryCode: "DE", fieldJA3: "x"},
		`{"location_info":[{"country_code":"DE"}],"security_context":"x","references":7}`:                   {},
		`{"country_code":"DE","ja3":"x","trace_id":"y"}`:                                                    {},
		`{"details":{"session_id":"a"},"session_id":"b"}`:                                                   {fieldSessionID: "b"},
		`{"session_id":"","details":{"session_id":"a"}}`:                                                    {fieldSessionID: "a"},
		`{"details":{"session_id":"a"},"details":"text"}`:                                                   {},
		`{"details":{"a":{"session_id":"a"}}}`:                                                              {},
		`{"client_ip":"::2","ip":"::1"}`:                                                                    {fieldIP: "::1"},
		`{"client_ip":"::2","ip":null}`:                                                                     {fieldIP: "::2"},
		`{"is_mobile":true,"isMobile":false}`:                                                               {fieldIsMobile: "false"},
		`{"is_mobile":true}`:                                                                                {fieldIsMobile: "true"},
		`{"_id":"a","log_id":"b"}`:                                                                          {fieldLogID: "b"},
		`{"_id":"a","log_id":{}}`:                                                                           {fieldLogID: "a"},
	} {
		t.Run(entry, func(t *testing.T) {
			e := decode(t, "["+entry+"]")[0]
			got := map[field]string{}
			for f := range numKept {
				if text := e.text(f); text != "" {
					got[f] = text
				}
			}
			assert.Equal(t, want, got)
		})
	}
}

// An object that comes again takes back what the first one said, and nothing else.
func TestDecodeEntryRepeatedObjects(t *testing.T) {
	const all = `"_id":"a","client_ip":"b","is_mobile":true,"tenant_name":"c","environment_name":"d",` +
		`"details":{"session_id":"e"},"references":{"trace_id":"f"},"security_context":{"ja3":"g","ja4":"h"},` +
		`"location_info":{"country_code":"i","country_code3":"j","country_name":"k","city_name":"l","latitude":1,` +
		`"longitude":2,"time_zone":"m","continent_code":"n"}`
	fields := func(entry string) map[field]string {
		e := decode(t, "["+entry+"]")[0]
		got := map[field]string{}
		for f := range numKept {
			if text := e.text(f); text != "" {
				got[f] = text
			}
		}
		return got
	}
	for name, gone := range map[string][]field{
		"details":          {fieldSessionID},
		"references":       {fieldTraceID},
		"security_context": {fieldJA3, fieldJA4},
		"location_info": {
			fieldCountryCode, fieldCountryCode3, fieldCountryName, fieldCityName, fieldLatitude, fieldLongitude, fieldTimeZone,
			fieldContinentCode,
		},
	} {
		for _, value := range []string{`{}`, `null`, `"text"`, `[]`} {
			want := fields("{" + all + "}")
			assert.Len(t, want, 17)
			for _, f := range gone {
				assert.NotEmpty(t, want[f])
				delete(want, f)
			}
			assert.Equal(t, want, fields("{"+all+`,"`+name+`":`+value+"}"), name)
		}
	}
}

// The order of the fields in an entry, and what lies between them, changes nothing.
func TestDecodeEntryOrder(t *testing.T) {
	members := []string{
		`"log_id":"1"`, `"_id":"2"`, `"type":"s"`, `"date":"2025-11-07T10:00:00.000Z"`, `"ip":"::1"`, `"client_ip":"::2"`,
		`"details":{"session_id":"a","x":[1,{"session_id":"b"}]}`, `"location_info":{"city_name":"\u00c4","latitude":1}`,
		`"scope":["a","b"]`, `"references":{"trace_id":"00000000000000000000000000000001"}`, `"unheard_of":{"type":"f"}`,
	}
	record := func() pcommon.Map {
		e := decode(t, "[{"+strings.Join(members, " , ")+"}]")[0]
		record := recordOf(&e)
		assert.Equal(t, "2025-11-07 10:00:00 +0000 UTC", record.Timestamp().String())
		assert.Equal(t, byte(1), record.TraceID()[15])
		return record.Attributes()
	}
	want := record().AsRaw()
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 100 {
		random.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
		assert.Equal(t, want, record().AsRaw(), strconv.Itoa(i))
	}
}
