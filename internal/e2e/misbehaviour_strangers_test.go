//go:build e2e

package e2e

import (
	"fmt"
	"strings"
	"time"
)

// dialect is what a system calls the members of an entry that every entry has, and how it writes a time.
type dialect struct {
	id, date, kind string
	time           func(time.Time) string
	far            string // a time in the year 9999
	list           string // what a page begins with, up to its entries
}

func dialects() map[string]dialect {
	return map[string]dialect{
		"auth0": {
			"log_id", "date", "type", func(at time.Time) string { return encoded(at.UTC().Format(dateFormat)) },
			`"9999-12-31T23:59:59.999Z"`, "[",
		},
		"kobil": {
			"id", "logDate", "action", func(at time.Time) string { return fmt.Sprintf(`"%d"`, at.Unix()) },
			`"253402300799"`, `"reportingInfoItems":[`,
		},
		"canvas": {
			"id", "created_at", "event_type", func(at time.Time) string { return encoded(at.UTC().Format(time.RFC3339)) },
			`"9999-12-31T23:59:59Z"`, `"events":[`,
		},
	}
}

// entry is a template in the words of a system.
func (d dialect) entry(template string, at time.Time) string {
	return strings.NewReplacer(
		"$id", d.id, "$ID", strings.ToUpper(d.id), "$Id", strings.ToUpper(d.id[:1])+d.id[1:],
		"$date", d.date, "$kind", d.kind, "$now", d.time(at), "$far", d.far,
	).Replace(template)
}

// strange is an entry of a shape that no system was seen to give, and the log.record.uid that it must have: "" for one that
// is made of its content.
type strange struct{ uid, template string }

const (
	megabyte = 1_000_000
	// aboveAll is 2^63. KOBIL's logs are in the order of such numbers: see TestMisbehaviourInNumbersHidesNothing.
	aboveAll = "9223372036854775808"
)

var strangers = []strange{
	{"", `{}`},
	{"", `{"$kind":"no_id_no_date"}`},
	{"", `{"$date":null,"$id":null,"$kind":null}`},
	{"", `{"$date":"","$id":"","$kind":""}`},
	{"", `{"$date":$now,"$kind":"no_id"}`},
	{"no-date", `{"$id":"no-date","$kind":"s"}`},
	{"date-is-a-word", `{"$date":"yesterday","$id":"date-is-a-word","$kind":"s"}`},
	{"date-is-a-list", `{"$date":[],"$id":"date-is-a-list","$kind":"s"}`},
	{"date-is-huge", `{"$date":1e400,"$id":"date-is-huge","$kind":"s"}`},
	{"year-9999", `{"$date":$far,"$id":"year-9999","$kind":"s"}`},
	{"18446744073709551617", `{"$date":$now,"$id":18446744073709551617,"$kind":18446744073709551617}`},
	{aboveAll, `{"$date":$now,"$id":` + aboveAll + `,"$kind":"s"}`},
	{"1e400", `{"$date":$now,"$id":1e400,"$kind":"s"}`},
	{"-9223372036854775809", `{"$date":$now,"$id":-9223372036854775809,"$kind":"s"}`},
	{"0.1", `{"$date":$now,"$id":0.1,"$kind":"s"}`},
	{"numbers", `{"$date":$now,"$id":"numbers","$kind":"s","n":1e400,"m":-0.0,"k":1.000000000000000000000000001,"l":9223372036854775808}`},
	{"", `{"$date":$now,"$id":{"nested":1},"$kind":["s"]}`},
	{"true", `{"$date":$now,"$id":true,"$kind":false}`},
	{"case-variants", `{"$date":$now,"$ID":"spoof","$Id":"spoof","$id":"case-variants","$kind":"s"}`},
	{"case-variants-behind", `{"$date":$now,"$id":"case-variants-behind","$kind":"s","$Id":"spoof","$ID":"spoof"}`},
	{"the-last-counts", `{"$date":$now,"$id":"first","$kind":"f","$id":"the-last-counts","$kind":"s"}`},
	{"surrogate", `{"$date":$now,"$id":"surrogate","$kind":"s","text":"a\u0000b\ud800c"}`},
	{"nul\x00id", `{"$date":$now,"$id":"nul\u0000id","$kind":"s"}`},
	{"../../id?#%2e", `{"$date":$now,"$id":"../../id?#%2e","$kind":"s"}`},
	{"white-space", "{ \"$date\" :\t$now ,\r\n \"$id\"\t:\"white-space\", \"$kind\" : \"s\" }"},
	{"not-utf8", "{\"$date\":$now,\"$id\":\"not-utf8\",\"$kind\":\"s\",\"text\":\"a\xff\xfeb\xc3\"}"},
	{"mark", "{\"$date\":$now,\"$id\":\"mark\",\"$kind\":\"s\",\"text\":\"\ufeff\"}"},
	{"depth-65", `{"$date":$now,"$id":"depth-65","$kind":"s","deep":` + nested(64) + `}`},
	{"depth-10001", `{"$date":$now,"$id":"depth-10001","$kind":"s","deep":` + nested(10_000) + `}`},
	{"depth-100001", `{"$date":$now,"$id":"depth-100001","$kind":"s","deep":` + nested(100_000) + `}`},
	{"wide", `{"$date":$now,"$id":"wide","$kind":"s"` + strings.Repeat(`,"k":1`, 50_000) + `}`},
	{"long", `{"$date":$now,"$id":"long","$kind":"s","text":"` + strings.Repeat("x", 5*megabyte) + `"}`},
	{strings.Repeat("i", 100_000), `{"$date":$now,"$id":"` + strings.Repeat("i", 100_000) + `","$kind":"s"}`},
	{"", `17`},
	{"", `"text"`},
	{"", `null`},
	{"", `true`},
	{"", `[1,[2]]`},
	{"", `-1e400`},
}

func nested(depth int) string { return strings.Repeat("[", depth) + strings.Repeat("]", depth) }
