package elasticsearch

import (
	"encoding/json"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/backends/rig"
)

// dataStream is what the exporter makes of the scope's name.
const dataStream = "logs-userlogreceiver.otel-default"

// documents are those that an example makes of one entry of each kind, by service and type, without what differs between
// runs but for the time of observation.
func documents(t *testing.T, example string) map[string]json.RawMessage {
	t.Helper()
	w := newWorld(t, 0)
	w.clouds.Kinds(t)
	want := 0
	for _, entries := range w.clouds.Entries() {
		want += len(entries)
	}
	c := rig.Start(t, w.dir, w.env, rig.AllSystems(t, example)...)
	c.Until("every entry is a document", limit, func() bool { return len(w.fake.ids()) == want })
	c.Stop()
	assert.NotContains(t, c.Stderr(), "failed to", "no statement fails")
	all := map[string]json.RawMessage{}
	found, _, _ := w.fake.seen()
	for id, d := range found {
		assert.Equal(t, dataStream, d.Index, id)
		text := string(d.Source)
		for _, service := range []string{"auth0", "kobil", "canvas"} {
			text = strings.ReplaceAll(text, w.clouds.Host(service), service+".example.com")
		}
		var read struct {
			Attributes map[string]any
			Resource   struct{ Attributes map[string]any }
		}
		require.NoError(t, json.Unmarshal([]byte(text), &read))
		service, _ := read.Resource.Attributes["service.name"].(string)
		kind, _ := read.Attributes["user_log.type"].(string)
		all[path.Join(service, kind)] = json.RawMessage(text)
	}
	require.Len(t, all, want, "one entry of each kind")
	return all
}

func TestDocument(t *testing.T) {
	t.Parallel()
	all := documents(t, "elasticsearch")
	for _, kind := range []string{"auth0/s", "kobil/13", "canvas/login"} {
		rig.Golden(t, *update, path.Join("otel", kind), all[kind], "observed_timestamp")
	}
}

func TestECSDocuments(t *testing.T) {
	t.Parallel()
	for kind, document := range documents(t, "elasticsearch_ecs") {
		rig.Golden(t, *update, path.Join("ecs", kind), document, "observed_timestamp")
		var read struct {
			Attributes map[string]any
			Body       struct{ Text string }
		}
		require.NoError(t, json.Unmarshal(document, &read))
		checkWords(t, kind, read.Attributes)
		assert.NotEmpty(t, read.Body.Text, "message, of %s", kind)
		assert.NotEmpty(t, read.Attributes["event.original"], kind)
	}
}

// typesOf are the categories of ECS 9.5 that the example uses, each with the types that may stand beside it.
// https://www.elastic.co/docs/reference/ecs/ecs-allowed-values-event-category
var typesOf = map[string][]string{
	"authentication":      {"start", "end", "info"},
	"iam":                 {"admin", "change", "creation", "deletion", "group", "info", "user"},
	"intrusion_detection": {"allowed", "denied", "info"},
}

// checkWords checks the fields that ECS allows certain words in only.
func checkWords(t *testing.T, kind string, attributes map[string]any) {
	t.Helper()
	assert.Equal(t, "event", attributes["event.kind"], kind)
	assert.Contains(t, []any{"success", "failure", "unknown"}, attributes["event.outcome"], kind)
	types, _ := attributes["event.type"].([]any)
	require.NotEmpty(t, types, "event.type of %s is a list", kind)
	category, hasCategory := attributes["event.category"].([]any)
	if !hasCategory {
		assert.NotContains(t, attributes, "event.category", kind)
		assert.Contains(t, []any{"system", "unknown"}, attributes["user_log.category"], kind)
		assert.Equal(t, []any{"info"}, types, kind)
		return
	}
	require.Len(t, category, 1, kind)
	for _, word := range types {
		assert.Contains(t, typesOf[category[0].(string)], word, "%s has the category %v", kind, category) //nolint:forcetypeassert // a list of texts
	}
	if ip, found := attributes["source.ip"]; found {
		assert.Equal(t, attributes["client.address"], ip, kind)
		assert.Equal(t, []any{ip}, attributes["related.ip"], kind)
	}
	assert.False(t, slices.ContainsFunc(keys(attributes), func(key string) bool { return strings.HasPrefix(key, "geo.") }), kind)
}

func keys(m map[string]any) []string {
	var all []string
	for key := range m {
		all = append(all, key)
	}
	return all
}
