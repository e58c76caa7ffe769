package canvas

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	emulator "github.com/userlog/userlog-otel/internal/emulator/canvas"
	"github.com/userlog/userlog-otel/receiver/internal/source"
	"github.com/userlog/userlog-otel/receiver/internal/sourcetest"
)

const school = source.Subject("accounts/1")

func ofSchool(t *testing.T, o emulator.Options, change func(*Settings)) *world {
	w := newWorld(t, o, NewLogs(nil, []string{"1"}, nil), change)
	w.AddAccount(1, "Example University")
	return w
}

// many publishes events of a school.
func (w *world) many(n int, at time.Time, step time.Duration) {
	for i := range n {
		w.Publish(emulator.Event{ID: idOf(i), At: at.Add(time.Duration(i) * step), Type: "login", User: int64(i), Login: int64(i), Account: 1})
	}
}

// A year is read in spans, the oldest first; whoever stops goes on where it was.
func TestALongPastIsReadInSpansThatAreStored(t *testing.T) {
	t.Parallel()
	const n = 3000
	w := ofSchool(t, emulator.Options{}, func(s *Settings) { s.PageSize, s.MaxHeld = 100, 300_000 })
	w.many(n, w.now.Add(-360*24*time.Hour), 170*time.Minute)
	w.begin(365*24*time.Hour, school)
	var uids []string
	for reads := 0; len(uids) < n; reads++ {
		require.Less(t, reads, n/100+2, "no progress")
		for batch, err := range w.Read(t.Context(), school, w.cursors[school]) {
			require.NoError(t, err)
			assert.LessOrEqual(t, len(batch.Entries), 100)
			for _, e := range batch.Entries {
				uids = append(uids, e.(*entry).uid)
			}
			w.cursors[school] = batch.Cursor
			if len(uids)%500 == 0 { // the process ends here
				break
			}
		}
	}
	require.Len(t, uids, n)
	assert.IsIncreasing(t, uids)
	assert.Empty(t, w.read(school))
	assert.Less(t, len(w.cursors[school]), 10_000)
}

func TestTheSecondInWhichAPageEndsIsWholeOnOldServers(t *testing.T) {
	t.Parallel()
	for events, gaps := range map[int]int{5: 0, 25: 0, 99: 0, 250: 1} {
		w := ofSchool(t, emulator.Options{Bookmarks: emulator.BookmarkTime}, nil)
		at := w.now.Add(-time.Minute)
		w.many(events, at, 0)
		w.Publish(emulator.Event{ID: "before", At: at.Add(-time.Second), Type: "login", User: 1, Account: 1})
		w.begin(time.Hour, school)
		found, told := 0, 0
		for _, batch := range w.batches(school) {
			found += len(batch.Entries)
			if batch.Gap != nil {
				told++
				assert.True(t, batch.Gap.From.Equal(at) && batch.Gap.To.Equal(at))
			}
		}
		assert.Equal(t, gaps, told, "%d events", events)
		assert.Equal(t, min(events, largestPage)+1, found, "%d events", events)
	}
}

func TestRequestsAreInUTCAndEscaped(t *testing.T) {
	t.Parallel()
	w := ofSchool(t, emulator.Options{Zone: time.FixedZone("", 5*3600+1800)}, nil)
	w.many(3, w.now.Add(-time.Hour), time.Minute)
	w.begin(2*time.Hour, school)
	require.Len(t, w.read(school), 3)
	require.Empty(t, w.read(school))
	for _, r := range w.Requests() {
		assert.Regexp(t, `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`, r.Query.Get("start_time"))
	}
	assert.Len(t, w.Requests(), 2, "a log that is idle costs one request")
}

// answering is a server that says one thing.
func answering(status int, header http.Header, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for name, values := range header {
			w.Header()[name] = values
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	})
}

func failureOf(t *testing.T, handler http.Handler, s source.Subject) error {
	t.Helper()
	p := newProvider(t, sourcetest.Transport(handler), NewLogs(fixed{"3"}, []string{"1"}, []string{"5"}), nil)
	for _, err := range p.Read(t.Context(), s, p.Start(time.Now().Add(-time.Hour))) {
		if err != nil {
			return err
		}
	}
	return nil
}

func TestWhatRefusalsMean(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status  int
		header  http.Header
		body    string
		subject source.Subject
		kind    source.Kind
		hint    string
	}{
		"a right is missing": {401, nil, `{"status":"unauthorized","errors":[{"message":"secret"}]}`, "users/3", source.Forbidden, "View statistics"},
		"the same, newer":    {403, nil, `{"status":"unauthorized"}`, "users/3", source.Forbidden, "View statistics"},
		"no token":           {401, nil, `{"status":"unauthenticated"}`, "users/3", source.Unauthorized, "expired"},
		"a bad token":        {401, http.Header{"Www-Authenticate": {"Bearer"}}, `{"errors":[]}`, "users/3", source.Unauthorized, "expired"},
		"no body":            {401, nil, ``, "users/3", source.Unauthorized, "expired"},
		"no such user":       {404, nil, `{}`, "users/3", source.Gone, "deleted one"},
		"a sub-account":      {404, nil, `{}`, "accounts/1", source.Gone, "root account"},
		"no such login":      {404, nil, `{}`, "logins/5", source.Gone, "logins_path"},
		"a foreign link": {
			200,
			http.Header{"Link": {`<https://evil.example.com/api/v1/audit/authentication/users/3?page=2>; rel="next"`}},
			`{"events":[]}`, "users/3", source.Unreadable, "another origin",
		},
		"another user's link": {
			200,
			http.Header{"Link": {`<https://canvas.example.edu/api/v1/audit/authentication/users/4?page=2>; rel="next"`}},
			`{"events":[]}`, "users/3", source.Unreadable, "another path",
		},
		"links in a circle": {
			200,
			http.Header{"Link": {`<https://canvas.example.edu/api/v1/audit/authentication/users/3?page=2>; rel="next"`}},
			`{"events":[]}`, "users/3", source.Unreadable, "circle",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := failureOf(t, answering(c.status, c.header, c.body), c.subject)
			require.Error(t, err)
			assert.Equal(t, c.kind, source.KindOf(err), err)
			assert.ErrorContains(t, err, c.hint)
			assert.NotContains(t, err.Error(), "secret")
		})
	}
}

func TestLinksThatNeverEndAndBringNothingAreNoAnswer(t *testing.T) {
	t.Parallel()
	n := 0
	err := failureOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n++
		w.Header().Set("Link", fmt.Sprintf(`<%s%s?page=%d>; rel="next"`, origin, r.URL.Path, n))
		_, _ = w.Write([]byte(`{"events":[]}`))
	}), "users/3")
	assert.Equal(t, source.Unreadable, source.KindOf(err))
	assert.ErrorContains(t, err, "never end")
	assert.LessOrEqual(t, n, maxBarren+3)
}

// Canvas links to a user by number, whatever name was asked for.
func TestLinksOfANamedLogMayGiveItsNumber(t *testing.T) {
	t.Parallel()
	var paths []string
	p := newProvider(t, sourcetest.Transport(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		paths = append(paths, r.URL.Path)
		if !strings.Contains(r.URL.RawQuery, "page=2") && r.URL.Query().Get("end_time") == "" {
			w.Header().Set("Link", `<`+origin+`/api/v1/audit/authentication/users/108?page=2>; rel="next"`)
		}
		_, _ = fmt.Fprintf(w, `{"events":[{"id":"%d","created_at":%q,"event_type":"login"}]}`, len(paths), time.Now().UTC().Format(time.RFC3339))
	})), NewLogs(fixed{"self"}, nil, nil), nil)
	found := 0
	for batch, err := range p.Read(t.Context(), "users/self", p.Start(time.Now().Add(-time.Hour))) {
		require.NoError(t, err)
		found += len(batch.Entries)
	}
	assert.GreaterOrEqual(t, found, 2)
	for _, path := range paths {
		assert.Equal(t, logsPath+"users/self", path, "the path that is asked for stays")
	}
}
