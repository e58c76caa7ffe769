package operate

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/goleak"

	"github.com/userlog/userlog-otel/config"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// configsOf are operators as a user writes them.
func configsOf(t testing.TB, yaml string) []operator.Config {
	t.Helper()
	retrieved, err := confmap.NewRetrievedFromYAML([]byte("operators:\n" + yaml))
	require.NoError(t, err)
	conf, err := retrieved.AsConf()
	require.NoError(t, err)
	var c struct {
		Operators config.Operators `mapstructure:"operators"`
	}
	require.NoError(t, conf.Unmarshal(&c))
	require.NoError(t, confmap.Validate(&c))
	configs, err := c.Operators.Configs()
	require.NoError(t, err)
	return configs
}

func newPipeline(t testing.TB, yaml string) *Pipeline {
	t.Helper()
	p, err := New(Settings{Operators: configsOf(t, yaml)})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, p.Stop()) })
	return p
}

var (
	traceID = pcommon.TraceID{0x4b, 0xf9, 0x2f, 0x35, 0x77, 0xb3, 0x4d, 0xa6, 0xa3, 0xce, 0x92, 0x9d, 0x0e, 0x0e, 0x47, 0x36}
	at      = time.Date(2026, 11, 22, 10, 0, 0, 123456789, time.UTC)
)

const body = `{"type":"s","user":{"id":"auth0|1"},"n":3,"big":9007199254740993}`

// sample is a record of every kind of value.
func sample(r plog.LogRecord) {
	r.SetTimestamp(pcommon.NewTimestampFromTime(at))
	r.SetObservedTimestamp(pcommon.NewTimestampFromTime(at.Add(time.Minute)))
	r.SetSeverityNumber(plog.SeverityNumberInfo)
	r.SetEventName("auth0.s")
	r.SetTraceID(traceID)
	r.SetFlags(0x101)
	r.Body().SetStr(body)
	a := r.Attributes()
	a.PutStr("log.record.uid", "90020261122100000")
	a.PutStr("user_log.type", "s")
	a.PutStr("user.id", "auth0|1")
	a.PutStr("user.email", "jane@example.com")
	a.PutInt("count", 3)
	a.PutDouble("geo.location.lat", 52.5)
	a.PutBool("mobile", false)
	a.PutEmptyBytes("key").FromRaw([]byte{1, 0, 255})
	scopes := a.PutEmptySlice("scope")
	scopes.AppendEmpty().SetStr("openid")
	scopes.AppendEmpty().SetStr("email")
	place := a.PutEmptyMap("place")
	place.PutStr("city", "Berlin")
	place.PutInt("zone", 1)
}

// samples are n records as the receiver makes them, told apart by the attribute count.
func samples(n int) plog.Logs {
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	resource.Resource().Attributes().PutStr("service.name", "auth0")
	resource.Resource().Attributes().PutStr("service.instance.id", "acme.eu.auth0.com")
	scope := resource.ScopeLogs().AppendEmpty()
	scope.Scope().SetName("scope/receiver")
	scope.Scope().SetVersion("1.2.3")
	for i := range n {
		r := scope.LogRecords().AppendEmpty()
		sample(r)
		r.Attributes().PutInt("count", int64(3+i))
	}
	return logs
}

// flat is everything that there is of every record, in order.
func flat(logs plog.Logs) []map[string]any {
	var all []map[string]any
	for _, resource := range logs.ResourceLogs().All() {
		for _, scope := range resource.ScopeLogs().All() {
			for _, r := range scope.LogRecords().All() {
				parts := map[string]any{
					"time": r.Timestamp().AsTime().Format(time.RFC3339Nano), "observed": r.ObservedTimestamp().AsTime().Format(time.RFC3339Nano),
					"severity": r.SeverityNumber().String(), "text": r.SeverityText(), "event": r.EventName(),
					"trace": r.TraceID().String(), "span": r.SpanID().String(), "flags": uint32(r.Flags()), "body": shown(r.Body()),
					"scope": scope.Scope().Name() + " " + scope.Scope().Version(),
				}
				for key, value := range r.Attributes().All() {
					parts["attributes "+key] = shown(value)
				}
				for key, value := range resource.Resource().Attributes().All() {
					parts["resource "+key] = shown(value)
				}
				all = append(all, parts)
			}
		}
	}
	return all
}

func shown(v pcommon.Value) string { return fmt.Sprintf("%s %s", v.Type(), v.AsString()) }

// changes are the differences between a record and what became of it: what is not named is as it was.
func changes(before, after map[string]any) []string {
	found := []string{}
	for key, was := range before {
		switch is, ok := after[key]; {
		case !ok:
			found = append(found, "- "+key)
		case is != was:
			found = append(found, fmt.Sprintf("~ %s: %v", key, is))
		}
	}
	for key, is := range after {
		if _, ok := before[key]; !ok {
			found = append(found, fmt.Sprintf("+ %s: %v", key, is))
		}
	}
	slices.Sort(found)
	return found
}

// counts are the values of the attribute that tells samples apart, in order.
func counts(logs plog.Logs) []string {
	var all []string
	for _, parts := range flat(logs) {
		all = append(all, strings.TrimPrefix(fmt.Sprint(parts["attributes count"]), "Int "))
	}
	return all
}

func text(t testing.TB, logs plog.Logs) string {
	t.Helper()
	json, err := (&plog.JSONMarshaler{}).MarshalLogs(logs)
	require.NoError(t, err)
	return string(json)
}
