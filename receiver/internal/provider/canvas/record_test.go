package canvas

import (
	"flag"
	"os"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/recordtest"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// go test ./receiver/internal/provider/canvas -run Golden -update writes what the code makes of the answers.
var update = flag.Bool("update", false, "write the golden files")

// arrival is when the answers of the tests arrived.
var arrival = time.Date(2025, 11, 7, 12, 0, 0, 123456789, time.UTC)

// taken are the events of an answer as a walk takes them, newest first.
func taken(t testing.TB, body []byte) (list []source.Entry) {
	events, err := decodeEvents(body, arrival, testCodes(t))
	require.NoError(t, err)
	w := &walk{known: &position{}, times: &times{}, met: map[claim.Mark]struct{}{}}
	s := scope{counts: map[string]int{}}
	for i := range events {
		w.take(&events[i], &s)
		list = append(list, &events[i])
	}
	return list
}

func TestGolden(t *testing.T) {
	recordtest.Golden(t, Service, *update, func(t *testing.T, _ string, body []byte) []source.Entry { return taken(t, body) })
}

func TestAttributesAreDocumented(t *testing.T) { recordtest.Documented(t, Service, "### Canvas LMS") }

func TestEventsThatLookAlikeAreToldApartByCount(t *testing.T) {
	t.Parallel()
	const event = `{"created_at":"2025-11-07T10:20:30Z","event_type":"login","pseudonym_id":1}`
	const same = `{"created_at":"2025-11-07T04:20:30-06:00","event_type":"login","links":{"login":"1"}}`
	ids := map[string]bool{}
	for _, e := range taken(t, []byte(`[`+event+`,`+event+`,`+same+`]`)) {
		ids[e.(*entry).uid] = true
	}
	assert.Len(t, ids, 3)
	again := taken(t, []byte(`[`+same+`]`))[0].(*entry)
	assert.True(t, ids[again.uid], "the form is no part of what an event is")
}

func TestWhatIsNoListIsRefusedWithoutItsWords(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`null`:                `answer holds null in the place of its events`,
		`{}`:                  `answer holds no list of events`,
		`{"events":"secret"}`: `answer holds a string in the place of its events`,
		`{"events":null}`:     `answer holds null in the place of its events`,
		`<html>secret`:        `answer is HTML or XML, not JSON`,
	} {
		_, err := decodeEvents([]byte(body), arrival, testCodes(t))
		assert.EqualError(t, err, want, body)
	}
}

// The document that was made after the server's code; it lies beside the project, not in it.
func TestServersDocument(t *testing.T) {
	body, err := os.ReadFile("../../../../../shared/corpus/canvas/compound-document-constructed.json")
	if err != nil {
		t.Skip("the collected answers are not here")
	}
	list := taken(t, body)
	require.Len(t, list, 2)
	assert.Equal(t, "nobody@example.com", list[0].(*entry).linked.name)
}

func FuzzDecodeEvents(f *testing.F) {
	f.Add([]byte(`{"events":[{"id":"1","created_at":"2025-11-07T10:20:30Z","event_type":"login","links":{"login":1}}],"linked":{"logins":[{"id":1,"unique_id":"a"}]}}`))
	f.Add([]byte(`[{"created_at":"2025-11-07 10:20:30 UTC","pseudonym_id":"\ud800"},null]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if _, err := decodeEvents(body, arrival, testCodes(t)); err != nil {
			return
		}
		for _, e := range taken(t, body) {
			r := plog.NewLogRecord()
			e.Record(r)
			require.True(t, utf8.ValidString(r.Body().Str()) && utf8.ValidString(r.EventName()))
			for _, value := range r.Attributes().All() {
				require.True(t, utf8.ValidString(value.AsString()) && value.AsString() != "")
			}
		}
	})
}

func FuzzParseCursor(f *testing.F) {
	f.Add(`{"s":1772366400000}`)
	f.Add(`{"w":2,"f":1,"b":1,"i":"3"}`)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := parseCursor(source.Cursor(text))
		if err != nil {
			return
		}
		back, err := parseCursor(p.cursor())
		require.NoError(t, err)
		require.Equal(t, p.cursor(), back.cursor())
	})
}
