package auth0

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
	"github.com/userlog/userlog-otel/receiver/internal/userlist"
)

func TestATenantCostsOneRequestForAHundredNewEntries(t *testing.T) {
	t.Parallel()
	w := newTenantWorld(t, nil)
	w.arrive(250, time.Minute, "")
	w.now = w.now.Add(time.Second)
	first := w.read()
	assert.Len(t, first.requests, 1+3, "one to see the form of ids, three pages")
	assert.Len(t, first.ids, 250)
	for _, n := range []int{0, 1, 99, 100, 101, 1000, 1001} {
		w.now = w.now.Add(time.Minute)
		want := w.arrive(n, time.Second, "")
		w.now = w.now.Add(time.Second)
		got := w.read()
		assert.Equal(t, want, got.ids)
		assert.Zero(t, got.repeats)
		assert.Len(t, got.requests, n/100+1, "%d new entries", n)
	}
}

func TestAnIdleTenantCostsOneRequestAndKeepsTheCursorForAnHour(t *testing.T) {
	t.Parallel()
	w := newTenantWorld(t, nil)
	w.arrive(3, time.Minute, "")
	w.read()
	before := w.cursor
	for range 59 {
		w.now = w.now.Add(time.Minute)
		assert.Len(t, w.read().requests, 1)
	}
	assert.Equal(t, before, w.cursor)
	w.now = w.now.Add(time.Minute)
	w.read()
	assert.NotEqual(t, before, w.cursor, "notes that the log is read")
}

// What happened long before it arrived comes in its turn, although no read goes back.
func TestOfATenantTheOrderOfArrivalCounts(t *testing.T) {
	t.Parallel()
	w := newTenantWorld(t, nil)
	var want, got []string
	for i := range 40 {
		want = append(want, w.arrive(7, time.Duration(i*i)*time.Minute, "")...)
		w.now = w.now.Add(time.Second)
		f := w.read()
		got = append(got, f.ids...)
		assert.Zero(t, f.repeats)
	}
	assert.Equal(t, want, got)
}

func TestATenantIsReadFromTheLookbackOn(t *testing.T) {
	t.Parallel()
	for _, opaque := range []bool{false, true} {
		for _, foreign := range []int{0, http.StatusBadRequest, http.StatusNotFound} {
			t.Run(fmt.Sprint(opaque, foreign), func(t *testing.T) {
				t.Parallel()
				w := newTenantWorld(t, nil)
				w.opaque = opaque
				w.tenant.SetForeignFrom(foreign)
				now := w.now
				w.now = now.Add(-3 * time.Hour)
				w.arrive(150, 0, "")
				w.now = now.Add(-30 * time.Minute)
				want := w.arrive(150, 0, "")
				w.now = now
				assert.Equal(t, want, w.read().ids)
				w.now = now.Add(time.Minute)
				assert.Equal(t, w.arrive(2, 0, ""), w.read().ids)
			})
		}
	}
}

func TestOfATenantNothingBeforeTheStartIsRead(t *testing.T) {
	t.Parallel()
	for _, opaque := range []bool{false, true} {
		w := newTenantWorld(t, nil)
		w.opaque = opaque
		now := w.now
		w.now = now.Add(-3 * time.Hour)
		w.arrive(150, 0, "")
		w.now = now
		assert.Empty(t, w.read().ids)
		assert.Empty(t, w.read().ids)
		w.now = now.Add(time.Minute)
		assert.Equal(t, w.arrive(2, 0, ""), w.read().ids)
	}
}

// away stops reading for a time, in which entries arrive, and the tenant deletes what is older than its retention.
func (w *tenantWorld) away(d, retention time.Duration) (left []string) {
	end := w.now.Add(d)
	for ; w.now.Before(end); w.now = w.now.Add(time.Hour) {
		if ids := w.arrive(30, time.Second, ""); !w.now.Add(-time.Second).Before(end.Add(-retention)) {
			left = append(left, ids...)
		}
	}
	w.now = end
	w.tenant.RemoveBefore(end.Add(-retention))
	return left
}

func TestWhatATenantDeletedUnreadIsToldAsAGap(t *testing.T) {
	t.Parallel()
	for _, status := range []int{0, http.StatusBadRequest, http.StatusNotFound} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			w := newTenantWorld(t, nil)
			w.tenant.SetExpiredFrom(status)
			w.arrive(30, time.Second, "")
			w.now = w.now.Add(time.Minute)
			w.read()
			stopped := w.now
			left := w.away(50*time.Hour, 24*time.Hour)
			f := w.read()
			assert.Equal(t, left, f.ids, "goes on with the oldest that is left")
			require.Len(t, f.gaps, 1)
			assert.WithinDuration(t, stopped, f.gaps[0].From, 2*time.Second)
			assert.WithinDuration(t, w.now.Add(-24*time.Hour), f.gaps[0].To, time.Hour)
			w.now = w.now.Add(time.Minute)
			next := w.arrive(1, 0, "")
			f = w.read()
			assert.Equal(t, next, f.ids)
			assert.Empty(t, f.gaps, "told once")
		})
	}
}

func TestATenantThatKeepsAllHasNoGap(t *testing.T) {
	t.Parallel()
	for _, status := range []int{0, http.StatusBadRequest} {
		w := newTenantWorld(t, nil)
		w.tenant.SetForeignFrom(status)
		w.arrive(30, time.Second, "")
		w.now = w.now.Add(time.Minute)
		w.read()
		left := w.away(50*time.Hour, 72*time.Hour)
		f := w.read()
		assert.Equal(t, left, f.ids)
		assert.Empty(t, f.gaps)
		assert.LessOrEqual(t, len(f.requests), len(left)/100+3)
	}
}

// A tenant in which nothing happens for longer than it keeps its entries has deleted the last one that was read. Nothing is
// missing, because it was read in between.
func TestAQuietTenantHasNoGap(t *testing.T) {
	t.Parallel()
	for _, status := range []int{0, http.StatusBadRequest} {
		w := newTenantWorld(t, nil)
		w.tenant.SetExpiredFrom(status)
		w.arrive(3, time.Second, "")
		w.now = w.now.Add(time.Minute)
		w.read()
		for range 30 {
			w.now = w.now.Add(time.Hour)
			w.tenant.RemoveBefore(w.now.Add(-24 * time.Hour))
			f := w.read()
			assert.Empty(t, f.gaps)
		}
		want := w.arrive(3, time.Second, "")
		f := w.read()
		assert.Equal(t, want, f.ids)
		assert.Empty(t, f.gaps)
	}
}

// One entry of a tenant may vanish, as when somebody has it deleted: from it as from any other the log goes on.
func TestOfATenantTheLastEntryReadMayVanish(t *testing.T) {
	t.Parallel()
	for _, status := range []int{0, http.StatusBadRequest, http.StatusNotFound} {
		w := newTenantWorld(t, nil)
		w.tenant.SetForeignFrom(status)
		w.arrive(250, time.Second, "")
		w.now = w.now.Add(time.Minute)
		ids := w.read().ids
		require.True(t, w.tenant.Remove("", ids[len(ids)-1]))
		for range 2 {
			w.now = w.now.Add(time.Minute)
			want := w.arrive(120, time.Second, "")
			f := w.read()
			assert.Equal(t, want, f.ids)
			assert.Empty(t, f.gaps)
		}
	}
}

func TestAPageThatEndsWhereItBeganIsAnError(t *testing.T) {
	t.Parallel()
	w := newTenantWorld(t, func(s *TenantSettings) { s.PageSize = 10 })
	w.arrive(30, time.Second, "")
	w.read()
	w.now = w.now.Add(time.Second)
	w.arrive(30, time.Second, "")
	w.tenant.Intercept(func(rw http.ResponseWriter, r *http.Request) bool { // somebody in between drops the parameter
		query := r.URL.Query()
		query.Del("from")
		query.Set("per_page", "10")
		r.URL.RawQuery = query.Encode()
		return false
	})
	_, err := w.try()
	for range 2 {
		_, err = w.try()
	}
	require.Error(t, err)
	assert.Equal(t, source.Unreadable, source.KindOf(err))
	assert.ErrorContains(t, err, "is the parameter from lost")
}

func TestEntriesOfATenantAreFiltered(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name             string
		include, exclude []string
		users            []string
		want             []int // of the entries below
	}{
		{"nothing", nil, nil, nil, []int{0, 1, 2, 3, 4}},
		{"included types", []string{"fp", "s"}, nil, nil, []int{0, 1, 2}},
		{"excluded types", nil, []string{"s", "unheard_of"}, nil, []int{2, 3, 4}},
		{"both", []string{"s", "fp"}, []string{"s"}, nil, []int{2}},
		{"entries without a type", []string{""}, nil, nil, []int{4}},
		{"users", nil, nil, []string{"auth0|1", "auth0|9"}, []int{0, 2}},
		{"users and types", []string{"s"}, nil, []string{"auth0|1"}, []int{0}},
	} {
		var list source.Lister
		if test.users != nil {
			list = userlist.New(test.users, "")
		}
		filter := NewFilter(test.include, test.exclude, list)
		subjects, err := filter.List(t.Context())
		require.NoError(t, err)
		assert.Equal(t, []source.Subject{""}, subjects)
		w := newTenantWorld(t, func(s *TenantSettings) { s.Filter = filter })
		ids := slices.Concat(
			w.arrive(1, 0, `,"type":"s","user_id":"auth0|1"`), w.arrive(1, 0, `,"type":"s","user_id":"auth0|2"`),
			w.arrive(1, 0, `,"type":"fp","user_id":"auth0|1"`), w.arrive(1, 0, `,"type":"sapi","user_id":null`),
			w.arrive(1, 0, `,"type":null,"user_id":7`))
		var want []string
		for _, i := range test.want {
			want = append(want, ids[i])
		}
		f := w.read()
		assert.Equal(t, want, f.ids, test.name)
		assert.Equal(t, len(ids)-len(want), f.filtered, test.name)
		assert.Zero(t, w.read().filtered, "counted once")
	}
}

// An entry whose id sorts after all others does not hide them.
func TestAnIDOfAnotherFormHidesNothing(t *testing.T) {
	t.Parallel()
	w := newTenantWorld(t, nil)
	want := w.arrive(3, 0, "")
	require.NoError(t, w.tenant.Publish("", json.RawMessage(`{"log_id":"zzz","type":"s"}`), json.RawMessage(`{"log_id":"zzzz","type":"s"}`)))
	assert.Equal(t, append(want, "zzz", "zzzz"), w.read().ids)
	for range 3 {
		w.now = w.now.Add(time.Minute)
		want := w.arrive(120, 0, "")
		f := w.read()
		assert.Equal(t, want, f.ids)
		assert.Equal(t, 2, f.repeats)
		assert.Empty(t, w.read().ids)
	}
}

// If ids take another form one day, the log goes on.
func TestIDsMayChangeTheirForm(t *testing.T) {
	t.Parallel()
	w := newTenantWorld(t, nil)
	want := w.arrive(3, 0, "")
	assert.Equal(t, want, w.read().ids)
	for n := range 5 {
		var want []string
		for i := range 110 {
			id := fmt.Sprintf("v2-%06d", n*1000+i)
			require.NoError(t, w.tenant.Publish("", json.RawMessage(fmt.Sprintf(`{"log_id":%q,"type":"s"}`, id))))
			want = append(want, id)
		}
		w.now = w.now.Add(time.Minute)
		f := w.read()
		assert.Equal(t, want, f.ids)
		assert.LessOrEqual(t, len(f.requests), 3)
	}
}
