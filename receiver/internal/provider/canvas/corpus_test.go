package canvas

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// collected reads a file that lies beside the project, not in it.
func collected(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile("../../../../../shared/corpus/canvas/" + name)
	if err != nil {
		t.Skip("the collected answers are not here")
	}
	return content
}

func TestCollectedArraysHoldEvents(t *testing.T) {
	t.Parallel()
	for _, line := range strings.Split(strings.TrimSpace(string(collected(t, "canvasapi-fixtures.ndjson"))), "\n") {
		var answer struct{ Data json.RawMessage }
		require.NoError(t, json.Unmarshal([]byte(line), &answer))
		list := taken(t, answer.Data)
		require.Len(t, list, 2)
		for _, e := range list {
			assert.Equal(t, 2012, e.Time().Year())
			assert.NotEmpty(t, e.(*entry).login)
		}
	}
}

func TestCollectedRefusalsAreToldApart(t *testing.T) {
	t.Parallel()
	var answers []struct {
		Status int
		Body   json.RawMessage
	}
	require.NoError(t, json.Unmarshal(collected(t, "errors.json"), &answers))
	told := 0
	for _, a := range answers {
		var body struct{ Status string }
		if json.Unmarshal(a.Body, &body) != nil { // a text: throttling, which is the client's
			continue
		}
		told++
		want := map[string]source.Kind{"unauthorized": source.Forbidden, "unauthenticated": source.Unauthorized, "": source.Gone}[body.Status]
		err := failureOf(t, answering(a.Status, nil, string(a.Body)), "users/3")
		require.Error(t, err)
		assert.Equal(t, want, source.KindOf(err), "%d %s", a.Status, body.Status)
	}
	assert.Equal(t, 3, told)
}

// A bookmark of a real server leads to the second page.
func TestCollectedLinkIsFollowed(t *testing.T) {
	t.Parallel()
	var header struct{ Link string }
	require.NoError(t, json.Unmarshal(collected(t, "link-header-real.json"), &header))
	host, _, ok := strings.Cut(strings.TrimPrefix(header.Link, "<"), logsPath)
	require.True(t, ok)
	link := strings.ReplaceAll(header.Link, host, origin)
	var pages []string
	err := failureOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		pages = append(pages, r.URL.Query().Get("page"))
		if len(pages) == 1 {
			w.Header().Set("Link", link)
		}
		_, _ = w.Write([]byte(`{"events":[]}`))
	}), "users/108")
	require.NoError(t, err)
	require.Len(t, pages, 2)
	assert.True(t, strings.HasPrefix(pages[1], "bookmark:"), pages[1])
}
