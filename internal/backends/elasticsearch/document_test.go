package elasticsearch

import (
	"encoding/json"
	"fmt"
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

// written is what the tests read of a document.
type written struct {
	Attributes map[string]any
	Body       struct{ Text string }
	Resource   struct{ Attributes map[string]any }
	source     json.RawMessage
}

// kind is what the entry is, by service and type.
func (d written) kind() string {
	return fmt.Sprint(d.Resource.Attributes["service.name"], "/", d.Attributes["user_log.type"])
}

// documents are those that an example makes of the entries in a world.
func documents(t *testing.T, w *world, example string) []written {
	t.Helper()
	want := 0
	for _, entries := range w.clouds.Entries() {
		want += len(entries)
	}
	c := rig.Start(t, w.dir, w.env, rig.AllSystems(t, example)...)
	c.Until("every entry is a document", limit, func() bool { return len(w.fake.ids()) == want })
	c.Stop()
	assert.NotContains(t, c.Stderr(), "failed to execute statement")
	var all []written
	found, _, _ := w.fake.seen()
	for id, d := range found {
		assert.Equal(t, dataStream, d.Index, id)
		one := written{source: w.clouds.Rename(d.Source)}
		require.NoError(t, json.Unmarshal(one.source, &one))
		all = append(all, one)
	}
	return all
}

func TestDocument(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	w.clouds.Kinds(t)
	compared := 0
	for _, document := range documents(t, w, "elasticsearch") {
		if slices.Contains([]string{"auth0/s", "kobil/13", "canvas/login"}, document.kind()) {
			rig.Golden(t, *update, path.Join("otel", document.kind()), document.source, "observed_timestamp")
			compared++
		}
	}
	assert.Equal(t, 3, compared)
}

func TestECSDocuments(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	w.clouds.Kinds(t)
	for _, document := range documents(t, w, "elasticsearch_ecs") {
		rig.Golden(t, *update, path.Join("ecs", document.kind()), document.source, "observed_timestamp")
		checkECS(t, document)
	}
}

// Whatever people and attackers do in a day is told in the words of the schema.
func TestECSDocumentsOfADay(t *testing.T) {
	t.Parallel()
	for _, document := range documents(t, newWorld(t, 300), "elasticsearch_ecs") {
		checkECS(t, document)
	}
}

// typesOf are the types that ECS 9.5 allows beside a category, of those that the example uses.
// https://www.elastic.co/docs/reference/ecs/ecs-allowed-values-event-category
func typesOf(category string) []string {
	return map[string][]string{
		"authentication":      {"start", "end", "info"},
		"iam":                 {"admin", "change", "creation", "deletion", "group", "info", "user"},
		"intrusion_detection": {"allowed", "denied", "info"},
	}[category]
}

// checkECS checks the fields that rules are written on, and those in which ECS allows certain words only.
func checkECS(t *testing.T, document written) {
	t.Helper()
	kind, attributes := document.kind(), document.Attributes
	assert.NotEmpty(t, document.Body.Text, "message, of %s", kind)
	assert.NotEmpty(t, attributes["event.original"], kind)
	assert.Equal(t, "event", attributes["event.kind"], kind)
	assert.Contains(t, []any{"success", "failure", "unknown"}, attributes["event.outcome"], kind)
	if ip, found := attributes["source.ip"]; found {
		assert.Equal(t, attributes["client.address"], ip, kind)
		assert.Equal(t, []any{ip}, attributes["related.ip"], kind)
	}
	for name := range attributes {
		assert.False(t, strings.HasPrefix(name, "geo."), "%s of %s stands below source", name, kind)
	}
	types, _ := attributes["event.type"].([]any)
	category, _ := attributes["event.category"].([]any)
	if len(category) == 0 {
		assert.NotContains(t, attributes, "event.category", kind)
		assert.Contains(t, []any{"system", "unknown"}, attributes["user_log.category"], kind)
		assert.Equal(t, []any{"info"}, types, kind)
		return
	}
	require.Len(t, category, 1, kind)
	require.NotEmpty(t, types, kind)
	for _, word := range types {
		assert.Contains(t, typesOf(fmt.Sprint(category[0])), word, "%s has the category %v", kind, category)
	}
}
