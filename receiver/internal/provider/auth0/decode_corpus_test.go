package auth0

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const corpus = "../../../../../shared/corpus/auth0/"

// corpusLines returns the lines of the collected files, by place.
func corpusLines(t *testing.T, pattern string) map[string]string {
	t.Helper()
	files, err := filepath.Glob(corpus + pattern)
	require.NoError(t, err)
	if len(files) == 0 {
		t.Skip("the collected entries are not here")
	}
	lines := map[string]string{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		for i, line := range strings.Split(strings.TrimSpace(string(content)), "\n") {
			lines[fmt.Sprintf("%s:%d", filepath.Base(file), i+1)] = line
		}
	}
	return lines
}

// plain is encoding/json's reading of a scalar, as the text that an attribute has.
func plain(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case json.Number:
		return value.String()
	case bool:
		if value {
			return "true"
		}
		return "false"
	}
	return ""
}

// first is the first text that is not empty.
func first(values ...any) string {
	for _, value := range values {
		if text := plain(value); text != "" {
			return text
		}
	}
	return ""
}

func readPlainly(t *testing.T, text string, into any) {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	require.NoError(t, dec.Decode(into))
}

// checkEntry compares an entry with encoding/json's reading of it.
func checkEntry(t *testing.T, e *entry, text string) {
	t.Helper()
	var want map[string]any
	readPlainly(t, text, &want)
	inner := func(name string) map[string]any {
		object, _ := want[name].(map[string]any)
		return object
	}
	location, context := inner("location_info"), inner("security_context")

	record := recordOf(e)
	assert.Equal(t, text, record.Body().Str())
	attributes := record.Attributes()
	for name, value := range map[string]string{
		"log.record.uid":          first(want["log_id"], want["_id"], e.uid()),
		"user_log.type":           plain(want["type"]),
		"client.address":          first(want["ip"], want["client_ip"]),
		"user.id":                 plain(want["user_id"]),
		"user.name":               plain(want["user_name"]),
		"user_agent.original":     plain(want["user_agent"]),
		"user_log.client.id":      plain(want["client_id"]),
		"user_log.client.name":    plain(want["client_name"]),
		"user_log.description":    plain(want["description"]),
		"server.address":          plain(want["hostname"]),
		"session.id":              first(want["session_id"], inner("details")["session_id"]),
		"tls.client.ja3":          plain(context["ja3"]),
		"auth0.ja4":               plain(context["ja4"]),
		"geo.country.iso_code":    plain(location["country_code"]),
		"geo.locality.name":       plain(location["city_name"]),
		"geo.continent.code":      plain(location["continent_code"]),
		"auth0.geo.country_name":  plain(location["country_name"]),
		"auth0.geo.country_code3": plain(location["country_code3"]),
		"auth0.geo.time_zone":     plain(location["time_zone"]),
		"auth0.connection":        plain(want["connection"]),
		"auth0.connection_id":     plain(want["connection_id"]),
		"auth0.strategy":          plain(want["strategy"]),
		"auth0.strategy_type":     plain(want["strategy_type"]),
		"auth0.audience":          plain(want["audience"]),
		"auth0.organization.id":   plain(want["organization_id"]),
		"auth0.organization.name": plain(want["organization_name"]),
		"auth0.tenant_name":       plain(want["tenant_name"]),
		"auth0.environment_name":  plain(want["environment_name"]),
	} {
		got, ok := attributes.Get(name)
		assert.Equal(t, value != "", ok, name)
		if ok {
			assert.Equal(t, value, got.Str(), name)
		}
	}
	for name, value := range map[string]any{"geo.location.lat": location["latitude"], "geo.location.lon": location["longitude"]} {
		got, ok := attributes.Get(name)
		assert.Equal(t, value != nil, ok, name)
		if ok {
			assert.Equal(t, plain(value), got.AsString(), name)
		}
	}
	var scopes []any
	switch scope := want["scope"].(type) {
	case string:
		for _, s := range strings.Fields(scope) {
			scopes = append(scopes, s)
		}
	case []any:
		scopes = scope
	}
	got, ok := attributes.Get("auth0.scope")
	assert.Equal(t, len(scopes) > 0, ok, "auth0.scope")
	if ok {
		assert.Equal(t, scopes, got.Slice().AsRaw())
	}
	mobile := first(want["isMobile"], want["is_mobile"])
	got, ok = attributes.Get("auth0.is_mobile")
	assert.Equal(t, mobile != "", ok, "auth0.is_mobile")
	if ok {
		assert.Equal(t, mobile, got.AsString())
	}
	assert.Equal(t, want["date"] == nil, e.Time().IsZero(), "date")
}

func TestCorpusEntries(t *testing.T) {
	for at, line := range corpusLines(t, "events/*.ndjson") {
		t.Run(at, func(t *testing.T) {
			entries := decode(t, "["+line+"]")
			require.Len(t, entries, 1)
			checkEntry(t, &entries[0], line)
		})
	}
}

func TestCorpusAnswers(t *testing.T) {
	pages := 0
	for at, line := range corpusLines(t, "recordings/*.ndjson") {
		var exchange struct {
			Response struct{ Body json.RawMessage }
		}
		require.NoError(t, json.Unmarshal([]byte(line), &exchange))
		body := exchange.Response.Body
		entries, err := decodePage(body, arrival, testCodes(t))
		if !bytes.HasPrefix(body, []byte("[")) {
			require.Error(t, err, at)
			continue
		}
		require.NoError(t, err)
		var want []json.RawMessage
		require.NoError(t, json.Unmarshal(body, &want))
		require.Len(t, entries, len(want))
		for i := range entries {
			checkEntry(t, &entries[i], string(want[i]))
		}
		pages++
	}
	assert.Greater(t, pages, 10)
}

func TestCorpusAnswersOfOtherShapes(t *testing.T) {
	for file, want := range map[string]int{"auth0-java-event_logs_paged_list.json": 2, "auth0-java-event_logs_list.json": 2, "auth0-java-event_log.json": -1} {
		body, err := os.ReadFile(corpus + "recordings/" + file)
		if err != nil {
			t.Skip("the collected answers are not here")
		}
		entries, err := decodePage(body, arrival, testCodes(t))
		if want < 0 {
			require.EqualError(t, err, "answer is an object without logs")
			continue
		}
		require.NoError(t, err)
		assert.Len(t, entries, want, file)
	}
}
