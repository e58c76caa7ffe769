package auth0

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

func recordOf(e *entry) plog.LogRecord {
	record := plog.NewLogRecord()
	e.Record(record)
	return record
}

// attributesOf are the attributes of an entry but for those that every entry has.
func attributesOf(t *testing.T, text string) map[string]any {
	t.Helper()
	e := decode(t, "["+text+"]")[0]
	attributes := recordOf(&e).Attributes().AsRaw()
	for _, name := range []string{"log.record.uid", "user_log.category", "user_log.outcome"} {
		require.Contains(t, attributes, name)
		delete(attributes, name)
	}
	return attributes
}

func TestRecordAttributes(t *testing.T) {
	type m = map[string]any
	for entry, want := range map[string]m{
		`{}`:                             {},
		`{"type":"s"}`:                   {"user_log.type": "s", "user_log.name": "Successful Login"},
		`{"type":"new"}`:                 {"user_log.type": "new"},
		`{"type":1e2}`:                   {"user_log.type": "1e2"},
		`{"type":["s"]}`:                 {},
		`{"hostname":"h"}`:               {"server.address": "h"},
		`{"ip":"::1","client_ip":"::2"}`: {"client.address": "::1"},
		`{"client_ip":"::2"}`:            {"client.address": "::2"},
		`{"client_ip":null,"ip":[]}`:     {},
		`{"user_agent":"a","client_id":"b","client_name":"c","user_id":"d","session_id":"e"}`: {
			"user_agent.original": "a", "user_log.client.id": "b", "user_log.client.name": "c", "user.id": "d", "session.id": "e",
		},
		`{"user_agent":"","client_id":null,"client_name":{},"user_id":"","session_id":[]}`: {},

		// numbers and booleans where text is expected
		`{"user_id":9007199254740993,"connection":0,"strategy":-1.50E+400,"hostname":false,"client_id":true}`: {
			"user.id": "9007199254740993", "auth0.connection": "0", "auth0.strategy": "-1.50E+400", "server.address": "false",
			"user_log.client.id": "true",
		},
		`{"user_id":7 ,"connection":8
}`: {"user.id": "7", "auth0.connection": "8"},
		`{"connection":8	}`: {"auth0.connection": "8"},

		`{"description":"text"}`:              {"user_log.description": "text"},
		`{"description":""}`:                  {},
		`{"description":null}`:                {},
		`{"description":5}`:                   {},
		`{"description":true}`:                {},
		`{"description":{"a":"b"}}`:           {},
		`{"description":"\u0000\\\""}`:        {"user_log.description": "\x00\\\""},
		`{"description":"a\\","user_id":"b"}`: {"user_log.description": `a\`, "user.id": "b"},

		`{"user_name":"jane@example.com"}`:      {"user.name": "jane@example.com", "user.email": "jane@example.com"},
		`{"user_name":"jane\u0040example.com"}`: {"user.name": "jane@example.com", "user.email": "jane@example.com"},
		`{"user_name":"jane"}`:                  {"user.name": "jane"},
		`{"user_name":5}`:                       {"user.name": "5"},

		`{"location_info":{"country_code":"DE","country_code3":"DEU","country_name":"Germany","city_name":"Berlin","latitude":52.5,"longitude":-13,"time_zone":"Europe/Berlin","continent_code":"EU"}}`: {
			"geo.country.iso_code": "DE", "geo.locality.name": "Berlin", "geo.location.lat": 52.5, "geo.location.lon": -13.0,
			"geo.continent.code": "EU", "auth0.geo.country_code3": "DEU", "auth0.geo.country_name": "Germany",
			"auth0.geo.time_zone": "Europe/Berlin",
		},
		`{"location_info":{"latitude":"52.5","longitude":"-1.3e1"}}`: {"geo.location.lat": 52.5, "geo.location.lon": -13.0},
		`{"location_info":{"latitude":0,"longitude":-0.0}}`:          {"geo.location.lat": 0.0, "geo.location.lon": 0.0},
		`{"location_info":{"latitude":1e400,"longitude":"NaN"}}`:     {},
		`{"location_info":{"latitude":"inf","longitude":"0x10"}}`:    {},
		`{"location_info":{"latitude":"1_0","longitude":""}}`:        {},
		`{"location_info":{"latitude":true,"longitude":[1]}}`:        {},
		`{"location_info":{"latitude":"north","longitude":"1 "}}`:    {},
		`{"location_info":{"latitude":null,"city_name":7}}`:          {"geo.locality.name": "7"},
		`{"location_info":{}}`:                                       {},

		`{"security_context":{"ja3":"a","ja4":"b"}}`:       {"tls.client.ja3": "a", "auth0.ja4": "b"},
		`{"security_context":{"ja3":null,"ja4":""}}`:       {},
		`{"session_id":null,"details":{"session_id":"a"}}`: {"session.id": "a"},
		`{"details":null}`:                 {},
		`{"details":"text"}`:               {},
		`{"details":[{"session_id":"a"}]}`: {},

		`{"scope":"openid  profile "}`: {"auth0.scope": []any{"openid", "profile"}},
		`{"scope":"openid"}`:           {"auth0.scope": []any{"openid"}},
		`{"scope":"a\u0020b\tc"}`:      {"auth0.scope": []any{"a", "b\tc"}},
		`{"scope":"  "}`:               {},
		`{"scope":""}`:                 {},
		`{"scope":null}`:               {},
		`{"scope":{"a":1}}`:            {},
		`{"scope":[]}`:                 {},
		`{"scope":[null,"",{},["x"]]}`: {},
		`{"scope":["a","b c","\u0064",7,true] ,"ip":"::1"}`: {"auth0.scope": []any{"a", "b c", "d", "7", "true"}, "client.address": "::1"},
		`{"scope":[{"x":1,"x":2},"a"]}`:                     {"auth0.scope": []any{"a"}},
		`{"scope":7}`:                                       {"auth0.scope": []any{"7"}},

		`{"isMobile":true}`:                   {"auth0.is_mobile": true},
		`{"isMobile":false}`:                  {"auth0.is_mobile": false},
		`{"is_mobile":true}`:                  {"auth0.is_mobile": true},
		`{"isMobile":"true"}`:                 {"auth0.is_mobile": true},
		`{"is_mobile":"false"}`:               {"auth0.is_mobile": false},
		`{"isMobile":"yes"}`:                  {},
		`{"isMobile":1}`:                      {},
		`{"isMobile":null,"is_mobile":false}`: {"auth0.is_mobile": false},
		`{"isMobile":{}}`:                     {},

		`{"connection":"a","connection_id":"b","strategy":"c","strategy_type":"d","audience":"e","organization_id":"f","organization_name":"g","tenant_name":"h","environment_name":"i"}`: {
			"auth0.connection": "a", "auth0.connection_id": "b", "auth0.strategy": "c", "auth0.strategy_type": "d",
			"auth0.audience": "e", "auth0.organization.id": "f", "auth0.organization.name": "g", "auth0.tenant_name": "h",
			"auth0.environment_name": "i",
		},
		`{"references":{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","correlation_id":"x"}}`: {},
	} {
		t.Run(entry, func(t *testing.T) { assert.Equal(t, want, attributesOf(t, entry)) })
	}
}

func TestRecordFields(t *testing.T) {
	for entry, want := range map[string]struct {
		event, severity, category, outcome string
		number                             plog.SeverityNumber
	}{
		`{"type":"s"}`:        {"auth0.s", "INFO", "login", "success", plog.SeverityNumberInfo},
		`{"type":"fp"}`:       {"auth0.fp", "WARN", "login", "failure", plog.SeverityNumberWarn},
		`{"type":"pla"}`:      {"auth0.pla", "INFO", "protection", "unknown", plog.SeverityNumberInfo},
		`{"type":"limit_wc"}`: {"auth0.limit_wc", "ERROR", "protection", "failure", plog.SeverityNumberError},
		`{"type":"pwd_leak"}`: {"auth0.pwd_leak", "ERROR", "protection", "unknown", plog.SeverityNumberError},
		`{"type":"S"}`:        {"auth0.S", "INFO", "unknown", "unknown", plog.SeverityNumberInfo},
		`{"type":7}`:          {"auth0.7", "INFO", "unknown", "unknown", plog.SeverityNumberInfo},
		`{"type":""}`:         {"", "INFO", "unknown", "unknown", plog.SeverityNumberInfo},
		`{}`:                  {"", "INFO", "unknown", "unknown", plog.SeverityNumberInfo},
		`null`:                {"", "INFO", "unknown", "unknown", plog.SeverityNumberInfo},
	} {
		e := decode(t, "["+entry+"]")[0]
		record := recordOf(&e)
		assert.Equal(t, want.event, record.EventName(), entry)
		assert.Equal(t, want.severity, record.SeverityText(), entry)
		assert.Equal(t, want.number, record.SeverityNumber(), entry)
		assert.Equal(t, entry, record.Body().Str())
		category, _ := record.Attributes().Get("user_log.category")
		assert.Equal(t, want.category, category.Str(), entry)
		outcome, _ := record.Attributes().Get("user_log.outcome")
		assert.Equal(t, want.outcome, outcome.Str(), entry)
	}
}

func TestRecordTwiceIsTheSame(t *testing.T) {
	e := decode(t, `[{"log_id":"1","type":"s","scope":["a"],"user_name":"\u0041","location_info":{"latitude":1}}]`)[0]
	before := e
	first, second := recordOf(&e), recordOf(&e)
	assert.Equal(t, before, e)
	assert.Equal(t, first.Attributes().AsRaw(), second.Attributes().AsRaw())
	assert.Equal(t, first.Body().Str(), second.Body().Str())
}

func TestRecordInvalidUTF8(t *testing.T) {
	e := decode(t, "[{\"log_id\":\"a\xff\xfeb\",\"user_name\":\"\xc3\",\"user_id\":\"\\ud800\xff\\u0041\",\"scope\":[\"\xff\"],\"client_\xff\":1}]")[0]
	record := recordOf(&e)
	body := record.Body().Str()
	assert.True(t, utf8.ValidString(body))
	assert.Equal(t, `{"log_id":"a��b","user_name":"�","user_id":"\ud800�\u0041","scope":["�"],"client_�":1}`, body)
	assert.Equal(t, map[string]any{
		"log.record.uid": "a��b", "user.name": "�", "user.id": "��A", "auth0.scope": []any{"�"},
		"user_log.category": "unknown", "user_log.outcome": "unknown",
	}, record.Attributes().AsRaw())
}

func TestTraceID(t *testing.T) {
	for text, want := range map[string]string{
		`"4bf92f3577b34da6a3ce929d0e0e4736"`:   "4bf92f3577b34da6a3ce929d0e0e4736",
		`"4BF92F3577B34DA6A3CE929D0E0E4736"`:   "4bf92f3577b34da6a3ce929d0e0e4736",
		`"00000000000000000000000000000000"`:   "",
		`"4bf92f3577b34da6a3ce929d0e0e473"`:    "",
		`"4bf92f3577b34da6a3ce929d0e0e47366"`:  "",
		`"4bf92f3577b34da6a3ce929d0e0e473g"`:   "",
		`"4bf92f35-77b3-4da6-a3ce-929d0e0e4"`:  "",
		`""`:                                   "",
		`null`:                                 "",
		`12345678901234567890123456789012`:     "12345678901234567890123456789012",
		`["4bf92f3577b34da6a3ce929d0e0e4736"]`: "",
	} {
		e := decode(t, `[{"references":{"trace_id":`+text+`}}]`)[0]
		id := recordOf(&e).TraceID()
		assert.Equal(t, want, id.String(), text)
		assert.Equal(t, want == "", id == pcommon.NewTraceIDEmpty(), text)
	}
}

func TestIsEmail(t *testing.T) {
	for name, want := range map[string]bool{
		"a@b": true, "jane@example.com": true, "jane.o'neill+x@mail.example.com": true, "jürgen@exämple.com": true,
		"": false, "jane": false, "@": false, "@example.com": false, "jane@": false, "a@b@c": false, "a@@b": false,
		"jane doe@example.com": false, "jane@exam ple.com": false, "jane@example.com\n": false, "\x00@b": false, "a@\x7f": false,
	} {
		assert.Equal(t, want, isEmail(name), "%q", name)
	}
}

// The room made for the attributes is enough, and not much more.
func TestRecordCountsAttributes(t *testing.T) {
	for _, page := range []string{string(benchPage()), `[{}]`, `[{"log_id":"1","references":{"trace_id":"x"}}]`, `[{"type":"s","user_name":"a@b"}]`} {
		e := decode(t, page)[0]
		const head = 5 // the attributes of every record
		n := recordOf(&e).Attributes().Len() - head
		assert.LessOrEqual(t, n, e.count())
		assert.LessOrEqual(t, e.count(), n+4)
	}
}

// A record costs one piece of memory for each attribute and three for itself, whatever the decoder does.
func TestPageAllocations(t *testing.T) {
	page, codes := benchPage(), testCodes(t)
	perPage := testing.AllocsPerRun(20, func() {
		entries, err := decodePage(page, arrival, codes)
		if err != nil {
			t.Fatal(err)
		}
		buildLogs(entries)
	})
	assert.LessOrEqual(t, perPage/benchEntries, 30.0)
}
