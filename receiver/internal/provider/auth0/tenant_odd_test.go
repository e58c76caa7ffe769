package auth0

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/userlist"
)

// The server's clock was an hour ahead, and is set right.
func TestAClockOfATenantThatIsSetBackCostsNoEntry(t *testing.T) {
	t.Parallel()
	w := newTenantWorld(t, nil)
	right := w.now
	w.now = right.Add(time.Hour)
	want := w.arrive(5, 0, "")
	w.now = w.now.Add(time.Second)
	got := w.read().ids
	w.now = right.Add(time.Second)
	for range 200 {
		w.now = w.now.Add(30 * time.Second)
		want = append(want, w.arrive(2, 0, "")...)
		w.now = w.now.Add(10 * time.Second)
		got = append(got, w.read().ids...)
	}
	assert.Subset(t, got, want)
	assert.LessOrEqual(t, len(got)-len(want), 5, "at most what arrived ahead of time comes again")
}

func TestAnIDThatLooksUsualAndTellsNoTimeHidesNothing(t *testing.T) {
	t.Parallel()
	w := newTenantWorld(t, nil)
	want, odd := w.arrive(3, 0, ""), idPrefix+strings.Repeat("9", idLength-len(idPrefix))
	require.NoError(t, w.tenant.Publish("", json.RawMessage(`{"log_id":"`+odd+`","type":"s"}`)))
	assert.Equal(t, append(want, odd), w.read().ids)
	for range 3 {
		w.now = w.now.Add(time.Minute)
		want := w.arrive(5, 0, "")
		assert.Equal(t, want, w.read().ids)
	}
}

func TestACursorOfIDsOfAnotherFormDoesNotGrow(t *testing.T) {
	t.Parallel()
	w := newTenantWorld(t, func(s *TenantSettings) { s.Overlap = 10 * time.Minute })
	w.opaque = true
	w.arrive(2000, 0, "")
	for b, err := range w.reader.Read(t.Context(), "", w.cursor) {
		require.NoError(t, err)
		require.Less(t, len(b.Cursor), 200)
	}
}

// What happened first need not have arrived first.
func TestASearchForTheStartPassesOverNothing(t *testing.T) {
	t.Parallel()
	for _, opaque := range []bool{false, true} {
		w := newTenantWorld(t, nil)
		w.opaque = opaque
		w.tenant.SetForeignFrom(http.StatusBadRequest)
		now := w.now
		w.now = now.Add(-30 * time.Minute)
		want := w.arrive(20, 0, "")
		w.now = now.Add(-20 * time.Minute)
		want = append(want, w.arrive(150, 25*time.Minute, "")...)
		w.now = now
		assert.Equal(t, want, w.read().ids)
	}
}

func TestASearchForWhatIsLeftPassesOverNothing(t *testing.T) {
	t.Parallel()
	w := newTenantWorld(t, nil)
	w.tenant.SetExpiredFrom(http.StatusBadRequest)
	w.arrive(30, time.Second, "")
	w.now = w.now.Add(time.Minute)
	w.read()
	w.now = w.now.Add(40 * time.Hour)
	want := w.arrive(20, 0, "")
	w.now = w.now.Add(10 * time.Minute)
	want = append(want, w.arrive(150, 15*time.Minute, "")...)
	w.now = w.now.Add(time.Minute)
	w.tenant.RemoveBefore(w.now.Add(-24 * time.Hour))
	f := w.read()
	assert.Equal(t, want, f.ids)
	require.Len(t, f.gaps, 1)
	assert.WithinDuration(t, w.now.Add(-11*time.Minute), f.gaps[0].To, time.Second, "the first arrival, not the first date")
}

// Whether the last entry is still there is asked to tell a gap. That this cannot be asked must not stop the log.
func TestAnEntryThatCannotBeAskedForDoesNotStopTheLog(t *testing.T) {
	t.Parallel()
	w := newTenantWorld(t, nil)
	w.arrive(3, time.Second, "")
	w.now = w.now.Add(time.Minute)
	w.read()
	left := w.away(50*time.Hour, 24*time.Hour)
	w.tenant.Intercept(func(rw http.ResponseWriter, r *http.Request) bool {
		if strings.HasPrefix(r.URL.Path, logsPath+"/") {
			http.Error(rw, "bad request", http.StatusBadRequest)
			return true
		}
		return false
	})
	f := w.read()
	assert.Equal(t, left, f.ids)
	assert.Len(t, f.gaps, 1)
}

// Somebody in between drops the parameter from: the API answers with the newest 50, which is less than a page.
func TestAListOfTheNewestEntriesIsNotTakenForTheEndOfTheLog(t *testing.T) {
	t.Parallel()
	w := newTenantWorld(t, nil)
	w.arrive(30, time.Second, "")
	w.read()
	w.tenant.Intercept(func(_ http.ResponseWriter, r *http.Request) bool {
		query := r.URL.Query()
		query.Del("from")
		r.URL.RawQuery = query.Encode()
		return false
	})
	w.now = w.now.Add(time.Minute)
	w.arrive(70, time.Second, "")
	_, err := w.try()
	assert.ErrorIs(t, err, errNoProgress)
}

func TestPagesThatGoRoundEnd(t *testing.T) {
	t.Parallel()
	minuteAgo := time.Now().Add(-time.Minute)
	for _, ids := range [][]string{
		{"a", "b", "c"}, {timedID(1, minuteAgo), timedID(2, minuteAgo), timedID(3, minuteAgo)},
	} {
		w := newTenantWorld(t, func(s *TenantSettings) { s.PageSize = 1 })
		w.arrive(1, 0, "")
		requests := 0
		w.tenant.Intercept(func(rw http.ResponseWriter, r *http.Request) bool {
			if !r.URL.Query().Has("from") {
				return false
			}
			requests++
			_, _ = fmt.Fprintf(rw, `[{"log_id":%q,"type":"s"}]`, ids[requests%len(ids)])
			return true
		})
		_, err := w.try()
		require.ErrorIs(t, err, errNoProgress)
		assert.Less(t, requests, 20)
	}
}

func TestWhereMadeUpIDsAreRefusedNoGapIsMadeUp(t *testing.T) {
	t.Parallel()
	for _, quiet := range []bool{false, true} {
		w := newTenantWorld(t, func(s *TenantSettings) { s.Overlap = 10 * time.Minute })
		w.tenant.SetForeignFrom(http.StatusBadRequest)
		w.arrive(30, time.Second, "")
		w.now = w.now.Add(time.Minute)
		w.read()
		w.now = w.now.Add(20 * time.Minute)
		w.read()
		if quiet {
			w.now = w.now.Add(50 * time.Hour)
		} else {
			w.away(50*time.Hour, 72*time.Hour)
		}
		want := w.arrive(3, time.Second, "")
		f := w.read()
		assert.Subset(t, f.ids, want)
		assert.Empty(t, f.gaps)
	}
}

func TestAStrangeIDAtTheHeadDoesNotHideTheOthers(t *testing.T) {
	t.Parallel()
	w := newTenantWorld(t, nil)
	w.tenant.SetForeignFrom(http.StatusBadRequest)
	now := w.now
	w.now = now.Add(-2 * time.Hour)
	w.arrive(5, 0, "")
	require.NoError(t, w.tenant.Publish("", json.RawMessage(`{"log_id":"zzz","type":"s"}`)))
	w.now = now
	w.read()
	w.now = now.Add(time.Minute)
	want := w.arrive(5, 0, "")
	assert.Subset(t, w.read().ids, want)
}

// What a filter leaves out is passed for good: it does not begin before all users are known, and drops nobody as long as
// their list is not right.
func TestAFilterLeavesNothingOutForWantOfAFile(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/users"
	one, two := `,"user_id":"auth0|1"`, `,"user_id":"auth0|2"`
	write := func(text string) { require.NoError(t, os.WriteFile(path, []byte(text), 0o600)) }
	filter := NewFilter(nil, nil, userlist.New([]string{"auth0|1"}, path))
	w := newTenantWorld(t, func(s *TenantSettings) { s.Filter = filter })

	subjects, err := filter.List(t.Context())
	require.Error(t, err)
	assert.Empty(t, subjects, "the log is not read before the file is there")
	want := w.arrive(1, 0, two)
	write("auth0|2\n")
	subjects, err = filter.List(t.Context())
	require.NoError(t, err)
	assert.Len(t, subjects, 1)
	assert.Equal(t, want, w.read().ids)

	for what, change := range map[string]func(){"emptied": func() { write("") }, "gone": func() { require.NoError(t, os.Remove(path)) }} {
		change()
		subjects, err = filter.List(t.Context())
		require.Error(t, err, what)
		assert.Len(t, subjects, 1)
		want = append(w.arrive(1, 0, one), w.arrive(1, 0, two)...)
		assert.Equal(t, want, w.read().ids, what)
		write("auth0|2\n")
		_, err = filter.List(t.Context())
		require.NoError(t, err)
	}

	write("auth0|3\n")
	_, err = filter.List(t.Context())
	require.NoError(t, err)
	want = w.arrive(1, 0, one)
	w.arrive(1, 0, two)
	assert.Equal(t, want, w.read().ids, "who is gone from a list that is right is dropped")
}
