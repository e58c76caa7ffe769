package kobil

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	emulator "github.com/userlog/userlog-otel/internal/emulator/kobil"
	"github.com/userlog/userlog-otel/receiver/internal/source"
	"github.com/userlog/userlog-otel/receiver/internal/sourcetest"
)

func TestAnIdleLogCostsOneRequestAndKeepsTheCursor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, emulator.Options{}, nil)
		w.add(1, 35, time.Hour)
		cursor := w.Start(time.Now().Add(-24 * time.Hour))
		require.Equal(t, uids(1, 35), w.read(&cursor))
		time.Sleep(2 * time.Minute)
		require.Empty(t, w.read(&cursor), "the mark ages")
		w.offsets()
		for range 3 {
			before := cursor
			time.Sleep(time.Minute)
			require.Empty(t, w.read(&cursor))
			assert.Equal(t, before, cursor)
			assert.Equal(t, []string{"0"}, w.offsets())
		}
		w.add(36, 36, 0)
		assert.Equal(t, uids(36, 36), w.read(&cursor))
	})
}

// Whatever the length of the backlog, the cursor stays short, and whoever stops goes on where it was.
func TestALongBacklogIsReadInSteps(t *testing.T) {
	t.Parallel()
	const n = 30_000
	w := newWorld(t, emulator.Options{}, func(s *Settings) { s.PageSize = 100 })
	w.add(1, n, time.Hour)
	cursor := w.Start(time.Now().Add(-240 * time.Hour))
	var got []string
	for stops := 0; len(got) < n; stops++ {
		require.Less(t, stops, 10, "no progress")
		for batch, err := range w.Read(t.Context(), user, cursor) {
			require.NoError(t, err)
			assert.LessOrEqual(t, len(batch.Entries), 100)
			for _, e := range batch.Entries {
				got = append(got, uidOf(e))
			}
			cursor = batch.Cursor
			require.Less(t, len(cursor), 16_000)
			if len(got) > 5000*(stops+1) { // the process ends here
				break
			}
		}
	}
	assert.Equal(t, uids(1, n), got)
	assert.Less(t, len(w.Requests()), n/99+400, "the way down is short")
}

func TestIdsThatBeginAnewAreNoticed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, emulator.Options{}, nil)
		w.add(500, 520, time.Minute)
		cursor := w.Start(time.Now().Add(-24 * time.Hour))
		require.Len(t, w.read(&cursor), 21)
		time.Sleep(10 * time.Minute)
		w.read(&cursor) // the floor follows
		again := newWorld(t, emulator.Options{}, nil)
		time.Sleep(time.Hour)
		again.add(1, 3, time.Minute)
		for _, err := range again.Read(t.Context(), user, cursor) {
			assert.Equal(t, source.BadCursor, source.KindOf(err))
			assert.ErrorContains(t, err, "numbers anew")
		}
		// That the newest entries were deleted is no such sign
		for n := 510; n <= 520; n++ {
			require.True(t, w.Remove(user, fmt.Sprint(idOf(n))))
		}
		assert.Empty(t, w.read(&cursor))
	})
}

func TestAServerThatIgnoresTheOffsetIsNotReadForEver(t *testing.T) {
	t.Parallel()
	requests := 0
	p := newProvider(t, sourcetest.Transport(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests++
		_, _ = fmt.Fprintf(w, `{"data":[%s,%s]}`, jsonEntry(2, time.Now(), ""), jsonEntry(1, time.Now(), ""))
	})), nil)
	for _, err := range p.Read(t.Context(), user, p.Start(time.Now().Add(-time.Hour))) {
		assert.Equal(t, source.Unreadable, source.KindOf(err))
		assert.ErrorContains(t, err, "offset")
	}
	assert.Less(t, requests, 50)
}

func TestWhatRefusalsMean(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		body   string
		kind   source.Kind
		hint   string
	}{
		"no such user":                 {404, `{"status":"USER_NOT_FOUND","message":"secret"}`, source.Gone, unknownUser},
		"no such user, as a success":   {200, `{"status":"USER_NOT_FOUND","message":"secret"}`, source.Gone, unknownUser},
		"no such user, and no entries": {200, `{"status":"USER_NOT_FOUND","data":[]}`, source.Gone, unknownUser},
		"no such user, and null":       {200, `{"status":"USER_NOT_FOUND","data":null,"moreResultsAvailable":false}`, source.Gone, unknownUser},
		"no such path":                 {404, `<html>secret`, source.Gone, "is path right?"},
		"not there yet":                {501, ``, source.Transient, "SHIFT"},
		"token":                        {401, `{"error":"HTTP 401 Unauthorized"}`, source.Unauthorized, "realm"},
		"right":                        {403, `secret`, source.Forbidden, "read user logs"},
		"a failure":                    {200, `{"status":"ERROR","message":"secret"}`, source.Unreadable, "no list"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProvider(t, sourcetest.Transport(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.body))
			})), nil)
			failed := false
			for _, err := range p.Read(t.Context(), user, p.Start(time.Now())) {
				failed = true
				assert.Equal(t, c.kind, source.KindOf(err), err)
				assert.ErrorContains(t, err, c.hint)
				assert.NotContains(t, err.Error(), "secret")
			}
			assert.True(t, failed)
		})
	}
}

func TestPathsOfBothProducts(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "/digitanium/v4/user/a%2Fb@example.com/logs", pathOf(SSMS().Path, "acme", "a/b@example.com"))
	assert.Equal(t, "/auth/realms/ac%20me/v3_user/%7BtenantId%7D/logs", pathOf(SHIFT().Path, "ac me", "{tenantId}"))
	assert.Equal(t, "acme.example.com", SSMS().Instance("acme.example.com", "acme"))
	assert.Equal(t, "example.com/acme", SHIFT().Instance("example.com", "acme"))
}

func TestAnEntryWithTheNumberZeroIsDelivered(t *testing.T) {
	t.Parallel()
	now := time.Now().Unix()
	body := fmt.Sprintf(`{"data":[{"id":1,"logDate":"%d"},{"id":0,"logDate":"%d"}],"moreResultsAvailable":false}`, now, now)
	p := newProvider(t, sourcetest.Transport(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) })), nil)
	cursor := p.Start(time.Now().Add(-time.Hour))
	var got []string
	for range 3 {
		for batch, err := range p.Read(t.Context(), user, cursor) {
			require.NoError(t, err)
			for _, e := range batch.Entries {
				got = append(got, uidOf(e))
			}
			cursor = batch.Cursor
		}
	}
	assert.Equal(t, []string{"0", "1"}, got)
}
