package auth0

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// jsonOf draws a JSON value of any kind: strings with and without escapes, numbers that no float64 holds, and what is
// no scalar.
func jsonOf(strings *rapid.Generator[string]) *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.Map(strings, func(s string) string {
			text, err := json.Marshal(s)
			if err != nil {
				panic(err)
			}
			return string(text)
		}),
		rapid.StringMatching(`-?(0|[1-9][0-9]{0,25})(\.[0-9]{1,5})?([eE][-+]?[0-9]{1,3})?`),
		rapid.SampledFrom([]string{"null", `""`, "true", "false", "{}", "[]", `{"type":"no","ip":["no"]}`, `["no",{"session_id":"no"}]`}),
	)
}

// object draws an object with some of the members, in any order, with spaces in between.
func object(t *rapid.T, label string, members map[string]*rapid.Generator[string]) string {
	names := make([]string, 0, len(members))
	for name := range members {
		names = append(names, name)
	}
	slices.Sort(names) // rapid wants the same order in every run
	names = rapid.Permutation(names).Draw(t, label)
	space := rapid.SampledFrom([]string{"", " ", "\n\t"})
	var text strings.Builder
	text.WriteString("{")
	for i, name := range names[:rapid.IntRange(0, len(names)).Draw(t, label+" members")] {
		if i > 0 {
			text.WriteString(",")
		}
		s := space.Draw(t, "space")
		fmt.Fprintf(&text, "%s%q%s:%s%s%s", s, name, s, s, members[name].Draw(t, name), s)
	}
	return text.String() + "}"
}

// Whatever an entry is made of, its record says what encoding/json reads in it.
func TestDecodeEntryProperty(t *testing.T) {
	anything := jsonOf(rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-z@|. ]{1,20}`)))
	every := func(names string, value *rapid.Generator[string], into map[string]*rapid.Generator[string]) map[string]*rapid.Generator[string] {
		for _, name := range strings.Fields(names) {
			into[name] = value
		}
		return into
	}
	type members = map[string]*rapid.Generator[string]
	degrees := rapid.StringMatching(`-?[1-9][0-9]{0,2}\.[0-9]{0,4}[1-9]`)
	rapid.Check(t, func(rt *rapid.T) {
		location := object(rt, "location_info", every("latitude longitude", degrees,
			every("country_code country_code3 country_name city_name time_zone continent_code other", anything, members{})))
		context := object(rt, "security_context", every("ja3 ja4 type", anything, members{}))
		inside := object(rt, "details", every("session_id type", anything, members{}))
		entry := object(rt, "entry", every(`log_id _id type ip client_ip user_id user_name user_agent client_id client_name
			hostname session_id connection connection_id strategy strategy_type audience organization_id organization_name
			tenant_name environment_name references other`, anything, members{
			"location_info":    rapid.OneOf(rapid.Just(location), anything),
			"security_context": rapid.OneOf(rapid.Just(context), anything),
			"details":          rapid.OneOf(rapid.Just(inside), anything),
			"scope":            rapid.SampledFrom([]string{`null`, `""`, `"a  b c "`, `["a b","\u0063"]`, `[]`, `{}`}),
			"isMobile":         rapid.SampledFrom([]string{"true", "false", "null", `"true"`}),
			"is_mobile":        rapid.SampledFrom([]string{"true", "false", "null", `"false"`}),
			"description":      rapid.SampledFrom([]string{`null`, `""`, `"a\\\""`, `"ä"`, `{"a":"b"}`, `[]`}),
			"date":             rapid.SampledFrom([]string{`null`, `"2025-11-07T10:20:30.456Z"`, `"2025-11-07T10:20:30+01:00"`}),
		}))
		entries := decode(t, "[null, "+entry+" ,{}]")
		checkEntry(t, &entries[1], entry)
		if t.Failed() {
			rt.Fatalf("entry %s", entry)
		}
	})
}
