package shape

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

func TestNothingToDoIsNoShape(t *testing.T) {
	t.Parallel()
	shape, err := New(Settings{Body: Original, HashKey: "a key alone does nothing"})
	require.NoError(t, err)
	assert.Nil(t, shape)
}

func TestWhatCannotBeDoneIsRefused(t *testing.T) {
	t.Parallel()
	for want, settings := range map[string]Settings{
		`body "" is not known`:                             {},
		`body "json" is not known`:                         {Body: "json"},
		"attributes are to be hashed, but there is no key": {Body: None, Hash: []string{"user.id"}},
	} {
		shape, err := New(settings)
		assert.EqualError(t, err, want)
		assert.Nil(t, shape)
	}
}

// shaped is what becomes of a record with the attributes, given as names and values in turn.
func shaped(t *testing.T, settings Settings, attributes ...string) plog.LogRecord {
	t.Helper()
	shape, err := New(settings)
	require.NoError(t, err)
	record := plog.NewLogRecord()
	record.Body().SetStr(`{"user_name":"jane"}`)
	for i := 0; i < len(attributes); i += 2 {
		record.Attributes().PutStr(attributes[i], attributes[i+1])
	}
	shape.Apply(record)
	return record
}

func TestBodyIsTheMostTellingText(t *testing.T) {
	t.Parallel()
	for want, attributes := range map[string][]string{
		"Wrong password": {"user_log.type", "fp", "user_log.name", "Failed Login", "user_log.description", "Wrong password"},
		"Failed Login":   {"user_log.type", "fp", "user_log.name", "Failed Login", "user_log.description", ""},
		"fp":             {"user_log.type", "fp", "user.name", "jane"},
		"":               {"user.name", "jane"},
	} {
		record := shaped(t, Settings{Body: Description}, attributes...)
		assert.Equal(t, want, record.Body().AsRaw())
		assert.Equal(t, len(attributes)/2, record.Attributes().Len(), "the attributes stay")
	}
}

// The text of the body is an attribute's, so it may not say what the attribute must not.
func TestBodySaysNoMoreThanTheAttributes(t *testing.T) {
	t.Parallel()
	attributes := []string{"user_log.description", "jane forgot it", "user_log.name", "Failed Login"}
	dropped := shaped(t, Settings{Body: Description, Drop: attributes[:1]}, attributes...)
	assert.Equal(t, "Failed Login", dropped.Body().Str())
	hashed := shaped(t, Settings{Body: Description, Hash: attributes[:1], HashKey: "k"}, attributes...)
	assert.Equal(t, hmacOf("k", "jane forgot it"), hashed.Body().Str())
}

func TestBodyWithTheEntryIsLeftAsItIsByPrivacy(t *testing.T) {
	t.Parallel()
	settings := Settings{Body: Original, Drop: []string{"user.name"}}
	assert.JSONEq(t, `{"user_name":"jane"}`, shaped(t, settings, "user.name", "jane").Body().Str())
	settings.Body = Map
	assert.Equal(t, map[string]any{"user_name": "jane"}, shaped(t, settings, "user.name", "jane").Body().AsRaw())
}

func TestAddressesAreShortenedBeforeTheyAreHashed(t *testing.T) {
	t.Parallel()
	settings := Settings{Body: None, TruncateIP: true, Hash: []string{"client.address"}, HashKey: "k"}
	assert.Equal(t, map[string]any{"client.address": hmacOf("k", "203.0.113.0")}, shaped(t, settings, "client.address", "203.0.113.7").Attributes().AsRaw())
	assert.Empty(t, shaped(t, settings, "client.address", "localhost").Attributes().AsRaw(), "what is no address is not hashed, but left out")
	settings.Drop = settings.Hash
	assert.Empty(t, shaped(t, settings, "client.address", "203.0.113.7").Attributes().AsRaw())
}

func TestOneUserHasOneHashInAllAttributes(t *testing.T) {
	t.Parallel()
	settings := Settings{Body: None, Hash: []string{"user.name", "user.email"}, HashKey: "k"}
	got := shaped(t, settings, "user.name", "jane@example.com", "user.email", "jane@example.com", "user.id", "jane@example.com").Attributes().AsRaw()
	assert.Equal(t, hmacOf("k", "jane@example.com"), got["user.name"])
	assert.Equal(t, got["user.name"], got["user.email"])
	assert.Equal(t, "jane@example.com", got["user.id"], "only what is named")
}

func TestWhatStaysKeepsItsPlace(t *testing.T) {
	t.Parallel()
	var names []string
	record := shaped(t, Settings{Body: None, Drop: []string{"a", "c"}, Hash: []string{"d"}, HashKey: "k"}, "a", "1", "b", "2", "c", "3", "d", "4", "e", "5")
	for name := range record.Attributes().All() {
		names = append(names, name)
	}
	assert.Equal(t, []string{"b", "d", "e"}, names)
}

// One shape serves all goroutines that deliver; the race detector looks on.
func TestManyMayApplyAtOnce(t *testing.T) {
	t.Parallel()
	shape, err := New(Settings{Body: Map, Drop: []string{"user.name"}, TruncateIP: true, Hash: []string{"user.id", "user.email"}, HashKey: "k"})
	require.NoError(t, err)
	page := func() plog.Logs {
		logs := plog.NewLogs()
		records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
		pageOfRecords(t).CopyTo(records)
		for _, record := range records.All() {
			shape.Apply(record)
		}
		return logs
	}
	want := asJSON(t, page())
	var got [8]string
	var group sync.WaitGroup
	for i := range got {
		group.Go(func() { got[i] = asJSON(t, page()) })
	}
	group.Wait()
	for _, text := range got {
		assert.Equal(t, want, text)
	}
}

func TestLeavingOutCostsNoAllocation(t *testing.T) {
	shape, err := New(Settings{Body: None, Drop: []string{"user.name", "user.email"}})
	require.NoError(t, err)
	records := pageOfRecords(t)
	next := 0
	assert.Zero(t, testing.AllocsPerRun(records.Len()-1, func() {
		shape.Apply(records.At(next))
		next++
	}))
}
