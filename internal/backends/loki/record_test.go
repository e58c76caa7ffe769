package loki_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/backends/rig"
)

func TestWhatBecomesLabelMetadataAndLine(t *testing.T) {
	w := newWorld(t, rig.LokiOptions{})
	at := w.now.Add(-5 * time.Minute)
	entry := auth0Entry(at, 1, `, "user_id": "auth0|1", "scope": ["openid", "email"], "location_info": {"country_code": "DE", "latitude": 50.5}`)
	w.publish(entry)
	w.untilExported(w.start(), 1)
	lines := w.lines("auth0")
	require.Len(t, lines, 1)
	got := lines[0]
	assert.Equal(t, at, got.Time.UTC())
	assert.Equal(t, string(entry), got.Text)
	assert.Equal(t, map[string]string{
		"service_name": "auth0", "service_namespace": at.Format("02T15"),
		"service_instance_id": strings.TrimPrefix(strings.TrimPrefix(w.clouds.Env[0], "AUTH0_ENDPOINT="), "http://"),
	}, got.Labels)
	assert.NotEmpty(t, got.Metadata["scope_version"])
	delete(got.Metadata, "scope_version")
	assert.Equal(t, map[string]string{
		"log_record_uid":    "900" + at.Format("20060102150405") + "000" + strings.Repeat("0", 32) + "1",
		"user_log_type":     "f",
		"user_log_name":     "Failed Login",
		"user_log_category": "login", "user_log_outcome": "failure",
		"client_address": "203.0.113.7", "user_id": "auth0|1", "user_name": "jane@example.com", "user_email": "jane@example.com",
		"auth0_scope": `["openid","email"]`, "geo_country_iso_code": "DE", "geo_location_lat": "50.5",
		"severity_text": "WARN", "severity_number": "13", "detected_level": "warn",
		"scope_name": "github.com/userlog/userlog-otel/receiver/userlogreceiver",
	}, got.Metadata)
}

func TestBodies(t *testing.T) {
	at := time.Now().UTC().Add(-5 * time.Minute).Truncate(time.Second)
	entry := auth0Entry(at, 1, `, "description": "Wrong password."`)
	for mode, check := range map[string]func(t *testing.T, line string){
		"original":    func(t *testing.T, line string) { assert.Equal(t, string(entry), line) },
		"description": func(t *testing.T, line string) { assert.Equal(t, "Wrong password.", line) },
		"map":         func(t *testing.T, line string) { assert.JSONEq(t, string(entry), line) },
		"none":        func(t *testing.T, line string) { assert.Empty(t, line) },
	} {
		t.Run(mode, func(t *testing.T) {
			w := newWorld(t, rig.LokiOptions{})
			w.publish(entry)
			w.untilExported(w.start("receivers::user_log/auth0::body: "+mode), 1)
			lines := w.lines("auth0")
			require.Len(t, lines, 1)
			check(t, lines[0].Text)
			assert.Equal(t, "f", lines[0].Metadata["user_log_type"])
		})
	}
}

func TestAnEntryWithoutADateHasTheTimeOfReading(t *testing.T) {
	w := newWorld(t, rig.LokiOptions{})
	dated := w.now.Add(-5 * time.Minute)
	w.publish(auth0Entry(dated, 1, ""), json.RawMessage(strings.Replace(string(auth0Entry(dated, 2, "")), `"date"`, `"undated"`, 1)))
	w.untilExported(w.start(), 2)
	lines := w.loki.Lines(`{service_name="auth0", service_namespace=""}`, w.now.Add(-time.Hour), w.now.Add(time.Hour))
	require.Len(t, lines, 1)
	assert.WithinRange(t, lines[0].Time, w.now, time.Now())
	assert.Contains(t, lines[0].Text, "undated")
}
