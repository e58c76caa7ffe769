//go:build e2e

package e2e

import (
	"bytes"
	"encoding/json"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

// reading is what an entry says, read with encoding/json and without a line of the receiver's code.
type reading struct {
	uid        string // "" if the entry has none
	eventName  string
	time       time.Time // zero if the entry has none
	attributes map[string]any
}

// readEntry reads an entry as the contract says: names count letter for letter, numbers are taken as their text, and
// what is empty or null is not there.
func readEntry(t *testing.T, raw json.RawMessage) reading {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var entry map[string]any
	require.NoError(t, decoder.Decode(&entry), "%s", raw)

	r := reading{attributes: map[string]any{}}
	if r.uid = text(entry["log_id"]); r.uid == "" {
		r.uid = text(entry["_id"])
	}
	if kind := text(entry["type"]); kind != "" {
		r.eventName = "auth0." + kind
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05"} {
		if at, err := time.Parse(layout, text(entry["date"])); err == nil {
			r.time = at
		}
	}
	for name, key := range map[string]string{
		"user_log.type": "type", "user.id": "user_id", "user.name": "user_name",
		"user_log.client.id": "client_id", "user_log.client.name": "client_name",
		"user_agent.original": "user_agent", "server.address": "hostname",
		"auth0.connection": "connection", "auth0.strategy": "strategy", "auth0.audience": "audience",
	} {
		r.attributes[name] = text(entry[key])
	}
	r.attributes["client.address"] = text(entry["ip"])
	if text(entry["ip"]) == "" {
		r.attributes["client.address"] = text(entry["client_ip"])
	}
	location, _ := entry["location_info"].(map[string]any)
	r.attributes["geo.country.iso_code"] = text(location["country_code"])
	r.attributes["geo.locality.name"] = text(location["city_name"])
	r.attributes["geo.continent.code"] = text(location["continent_code"])
	r.attributes["auth0.geo.country_name"] = text(location["country_name"])
	r.attributes["auth0.geo.country_code3"] = text(location["country_code3"])
	r.attributes["auth0.geo.time_zone"] = text(location["time_zone"])
	r.attributes["geo.location.lat"] = float(location["latitude"])
	r.attributes["geo.location.lon"] = float(location["longitude"])
	return r
}

// text is the text of a scalar; "" for everything else.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// float is the number of a decimal scalar; "" for everything else.
func float(v any) any {
	if f, err := strconv.ParseFloat(text(v), 64); err == nil {
		return f
	}
	return ""
}

// assertRecord compares a record with what its entry says.
func assertRecord(t *testing.T, want reading, a arrival, earliest, latest time.Time) {
	t.Helper()
	if want.uid == "" {
		assert.NotEmpty(t, a.uid, "an id for an entry without one")
	} else {
		assert.Equal(t, want.uid, a.uid)
	}
	if want.eventName != "" {
		assert.Equal(t, want.eventName, a.record.EventName())
	}
	if want.time.IsZero() {
		assert.Zero(t, a.record.Timestamp(), "the entry has no time")
	} else {
		assert.Equal(t, pcommon.NewTimestampFromTime(want.time), a.record.Timestamp(), "time")
	}
	observed := a.record.ObservedTimestamp().AsTime()
	assert.True(t, !observed.Before(earliest) && !observed.After(latest), "observed at %v", observed)
	assert.Positive(t, int32(a.record.SeverityNumber()))
	assert.NotEmpty(t, a.record.SeverityText())
	for name, value := range want.attributes {
		got, found := a.record.Attributes().Get(name)
		if value == "" {
			assert.False(t, found, "%s is set, although the entry does not say it", name)
			continue
		}
		if assert.True(t, found, "%s is not set", name) {
			assert.Equal(t, value, got.AsRaw(), name)
		}
	}
	for name, value := range a.record.Attributes().All() {
		assert.False(t, value.Type() == pcommon.ValueTypeStr && value.Str() == "", "%s is empty", name)
	}
}
