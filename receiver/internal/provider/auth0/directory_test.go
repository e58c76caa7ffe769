package auth0

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	emulator "github.com/userlog/userlog-otel/internal/emulator/auth0"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

func TestDirectoryTakesElevenRequestsForAThousandUsers(t *testing.T) {
	t.Parallel()
	for n, requests := range map[int]int{
		1: 1, 99: 1, 100: 2, 101: 2, // a full page is not known to be the last one
		999:  11, // every page begins with the last user of the one before
		1000: 12, 1001: 12, 2500: 28, 100_000: 1102,
	} {
		w := newDirectoryWorld(t, nil)
		w.found(0, n, everySecond)
		assert.Equal(t, requests, w.lists(numbers(0, n)), n)
	}
}

func TestDirectoryAsksForNoMoreThanItNeeds(t *testing.T) {
	t.Parallel()
	w := newDirectoryWorld(t, func(s *DirectorySettings) {
		s.Query, s.Connection, s.LastLogin = "blocked:false", "Username-Password-Authentication", 48*time.Hour
	})
	w.found(0, 3, func(int) time.Time { return founded })
	_, _, err := w.list()
	require.NoError(t, err)
	assert.Equal(t, url.Values{
		"page": {"0"}, "per_page": {"100"}, "include_totals": {"true"}, "sort": {"created_at:1"}, "search_engine": {"v3"},
		"fields": {"user_id,created_at"}, "include_fields": {"true"},
		"q": {`(blocked:false) AND identities.connection:"Username-Password-Authentication" AND last_login:[2026-03-29T08:00:00.000Z TO *]`},
	}, w.tenant.Requests()[0].Query)

	w = newDirectoryWorld(t, nil)
	w.found(0, 1, atOnce)
	w.lists(numbers(0, 1))
	assert.False(t, w.tenant.Requests()[0].Query.Has("q"), "everybody is wanted")
}

func TestDirectoryListsWhoIsWanted(t *testing.T) {
	t.Parallel()
	now := founded.AddDate(0, 0, 30)
	everybody := []emulator.User{
		{ID: "a", Connection: `my "first" \ one`, LastLogin: now.Add(-time.Hour), Email: "a@example.com"},
		{ID: "b", Connection: `my "first" \ one`, LastLogin: now.Add(-48 * time.Hour)},
		{ID: "c", Connection: "other", LastLogin: now.Add(-24 * time.Hour)},
		{ID: "d", Connection: "other"},
	}
	for name, c := range map[string]struct {
		settings DirectorySettings
		want     []source.Subject
	}{
		"all":             {DirectorySettings{}, []source.Subject{"a", "b", "c", "d"}},
		"of a connection": {DirectorySettings{Connection: `my "first" \ one`}, []source.Subject{"a", "b"}},
		"who logged in":   {DirectorySettings{LastLogin: 24 * time.Hour}, []source.Subject{"a", "c"}},
		"of a query":      {DirectorySettings{Query: `email:"a@example.com"`}, []source.Subject{"a"}},
		"all together":    {DirectorySettings{Query: `blocked:false`, Connection: "other", LastLogin: 24 * time.Hour}, []source.Subject{"c"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newDirectoryWorld(t, func(s *DirectorySettings) {
				s.Query, s.Connection, s.LastLogin = c.settings.Query, c.settings.Connection, c.settings.LastLogin
			})
			w.tenant.AddUser(everybody...)
			w.lists(c.want)
		})
	}
}

func TestDirectoryGoesOnThroughUsersCreatedAtOneTime(t *testing.T) {
	t.Parallel()
	for _, crowd := range []int{100, 999, 1000} {
		w := newDirectoryWorld(t, nil)
		w.found(0, 950, everySecond)
		w.found(950, crowd, func(int) time.Time { return everySecond(950) })
		w.found(950+crowd, 150, func(n int) time.Time { return everySecond(n) })
		w.lists(numbers(0, 1100+crowd))
	}
}

func TestDirectoryTellsHowManyOfOneTimeCannotBeListed(t *testing.T) {
	t.Parallel()
	w := newDirectoryWorld(t, nil)
	w.found(0, 1250, atOnce)
	w.found(1250, 150, everySecond)
	w.found(1400, 1001, func(int) time.Time { return everySecond(5000) })
	got, _, err := w.list()
	assert.Equal(t, append(append(numbers(0, 1000), numbers(1250, 1400)...), numbers(1400, 2400)...), got)
	assert.EqualError(t, err, "GET /api/v2/users: 251 users are left out, because more than 1,000 were created at one time, "+
		"the first at 2026-03-01T08:00:00.000Z, and Auth0 gives no more of them: narrow the search; "+
		"who was listed before stays (the log of the whole tenant, with tenant: true, needs no list)")
}

func TestThoseOfOneTimeAreCountedOnce(t *testing.T) {
	t.Parallel()
	w := newDirectoryWorld(t, nil)
	w.found(0, 1250, atOnce)
	w.found(1250, 300, everySecond)
	w.tenant.OnRequest(func(_ *http.Request, n int) {
		if n == 24 { // the second page of those who were created later
			w.delete(numbers(1260, 1263)...)
		}
	})
	got, _, err := w.list()
	assert.Empty(t, without(append(numbers(0, 1000), numbers(1250, 1550)...), got))
	assert.ErrorContains(t, err, "GET /api/v2/users: 250 users are left out")
}

func TestDirectoryWithoutTotalsDoesNotGuessHowManyAreMissing(t *testing.T) {
	t.Parallel()
	w := newDirectoryWorld(t, nil)
	w.change = func(v url.Values) { v.Del("include_totals") }
	w.found(0, 1250, atOnce)
	got, _, err := w.list()
	assert.Equal(t, numbers(0, 1000), got)
	assert.ErrorContains(t, err, "some users are left out, because more than 1,000 were created at one time, the first at 2026-03-01T08:00:00.000Z")
}

func TestDirectoryEndsIfTheSearchTakesNoNoticeOfItsParameters(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change   func(url.Values)
		requests int
	}{
		"of the time of creation": {func(v url.Values) { v.Del("q") }, 12},
		"of the order":            {func(v url.Values) { v.Set("sort", "created_at:-1") }, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newDirectoryWorld(t, nil)
			w.change = c.change
			w.found(0, 2500, everySecond)
			got, requests, err := w.list()
			assert.NotEmpty(t, got)
			assert.Equal(t, c.requests, requests)
			assert.ErrorContains(t, err, "some users are left out, who were created at")
			assert.ErrorContains(t, err, "because the search does not keep to the order")
		})
	}
}

func TestDirectoryEndsIfTheSearchIncludesWhatItShouldNot(t *testing.T) {
	t.Parallel()
	w := newDirectoryWorld(t, nil)
	w.change = func(v url.Values) { v.Set("q", strings.Replace(v.Get("q"), "{", "[", 1)) }
	w.found(0, 1250, atOnce)
	ctx, cancel := context.WithCancel(t.Context())
	w.tenant.OnRequest(func(_ *http.Request, n int) {
		if n > 100 {
			cancel()
		}
	})
	got, err := w.List(ctx)
	assert.Equal(t, numbers(0, 1000), got)
	assert.ErrorContains(t, err, "the search does not keep to the order")
}

func TestUsersWhoAreDeletedMeanwhileCostNobodyElse(t *testing.T) {
	t.Parallel()
	for _, deleted := range []int{0, 99, 100, 999, 1000} {
		for _, request := range []int{1, 2, 6, 10, 11, 12} {
			w := newDirectoryWorld(t, nil)
			w.found(0, 1300, everySecond)
			gone := numbers(deleted, deleted+3) // more than the rows that two pages share
			w.tenant.OnRequest(func(_ *http.Request, n int) {
				if n == request {
					w.delete(gone...)
				}
			})
			got, _, err := w.list()
			require.NoError(t, err)
			missing := without(numbers(0, 1300), append(got, gone...))
			assert.Empty(t, missing, "user %d before request %d", deleted, request)
		}
	}
}

func TestDirectoryDropsNobodyIfUsersVanishAgainAndAgain(t *testing.T) {
	t.Parallel()
	w := newDirectoryWorld(t, nil)
	w.found(0, 900, everySecond)
	w.lists(numbers(0, 900))
	deleted := 0
	w.tenant.OnRequest(func(*http.Request, int) {
		w.delete(userNumber(deleted))
		deleted++
	})
	got, _, err := w.list()
	require.NoError(t, err)
	assert.ElementsMatch(t, numbers(0, 900), got)
	w.tenant.OnRequest(nil)
	w.lists(numbers(deleted, 900))
}

func TestListingThatFailsKeepsTheListAndGoesOnWhereItFailed(t *testing.T) {
	t.Parallel()
	w := newDirectoryWorld(t, nil)
	w.found(0, 1500, everySecond)
	n := 0
	w.tenant.Intercept(func(rw http.ResponseWriter, _ *http.Request) bool {
		if n++; n <= 8 {
			return false
		}
		rw.WriteHeader(http.StatusBadGateway)
		return true
	})
	for range 3 {
		got, _, err := w.list()
		assert.Nil(t, got)
		assert.Equal(t, source.Transient, source.KindOf(err))
	}
	w.tenant.Intercept(nil)
	assert.Equal(t, 17-8, w.lists(numbers(0, 1500)))
	assert.Equal(t, 17, w.lists(numbers(0, 1500)), "a listing that came to its end is begun anew")
}

func TestIncompleteListingDropsNobody(t *testing.T) {
	t.Parallel()
	w := newDirectoryWorld(t, nil)
	w.found(0, 500, everySecond)
	w.lists(numbers(0, 500))
	w.delete(numbers(0, 10)...)
	w.found(500, 1200, func(int) time.Time { return everySecond(9999) })
	got, _, err := w.list()
	assert.ErrorContains(t, err, "200 users are left out")
	assert.Equal(t, append(numbers(10, 1500), numbers(0, 10)...), got)

	w.delete(numbers(1500, 1700)...)
	w.lists(numbers(10, 1500))
}

func TestUnchangedListingIsTheSameSlice(t *testing.T) {
	t.Parallel()
	w := newDirectoryWorld(t, nil)
	w.found(0, 120, everySecond)
	first, _, err := w.list()
	require.NoError(t, err)
	second, _, err := w.list()
	require.NoError(t, err)
	assert.Same(t, &first[0], &second[0])

	w.delete(userNumber(7))
	w.found(120, 1, everySecond)
	third, _, err := w.list()
	require.NoError(t, err)
	assert.Equal(t, append(numbers(0, 7), numbers(8, 121)...), third)
	assert.Equal(t, numbers(0, 120), first, "a list once given does not change")
	assert.Same(t, unsafe.StringData(string(first[119])), unsafe.StringData(string(third[118])), "one text for one user")
}

func TestUsersWhoNoLongerMatchAreDropped(t *testing.T) {
	t.Parallel()
	w := newDirectoryWorld(t, func(s *DirectorySettings) { s.Query = "blocked:true" })
	w.tenant.AddUser(emulator.User{ID: "a", Blocked: true}, emulator.User{ID: "b", Blocked: true})
	w.lists([]source.Subject{"a", "b"})
	w.tenant.AddUser(emulator.User{ID: "a"})
	w.lists([]source.Subject{"b"})
	w.tenant.AddUser(emulator.User{ID: "b"})
	got, _, err := w.list()
	assert.Equal(t, []source.Subject{}, got, "not nil: the listing worked")
	assert.EqualError(t, err, "GET /api/v2/users: no user matches: are query and connection right?")
}

func TestNobodyWhoLoggedInIsNoMistake(t *testing.T) {
	t.Parallel()
	w := newDirectoryWorld(t, func(s *DirectorySettings) { s.LastLogin = time.Hour })
	w.found(0, 3, everySecond)
	w.lists([]source.Subject{})
}

func TestRefusedSearchesAreExplained(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]struct {
		kind source.Kind
		text string
	}{
		400: {source.Transient, "GET /api/v2/users: the API answered 400 Bad Request: is query in the syntax of Auth0's user search?"},
		401: {source.Unauthorized, "GET /api/v2/users: the API answered 401 Unauthorized: is the token expired, or made for another tenant or audience?"},
		403: {source.Forbidden, "GET /api/v2/users: the API answered 403 Forbidden: grant the application the scope read:users"},
		404: {source.Transient, "GET /api/v2/users: the API answered 404 Not Found: is the endpoint the tenant's, without a path?"},
		414: {source.Transient, "GET /api/v2/users: the API answered 414 Request URI Too Long: make query shorter"},
		500: {source.Transient, "GET /api/v2/users: the API answered 500 Internal Server Error"},
		503: {source.Transient, "GET /api/v2/users: the API answered 503 Service Unavailable: if it goes on, the search takes too long: narrow it, or make query simpler"},
	} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			w := newDirectoryWorld(t, nil)
			w.found(0, 1, atOnce)
			w.lists(numbers(0, 1))
			w.tenant.SetUsersStatus(status)
			got, err := w.List(t.Context())
			assert.Nil(t, got)
			assert.EqualError(t, err, want.text)
			assert.Equal(t, want.kind, source.KindOf(err))
			w.tenant.SetUsersStatus(0)
			w.lists(numbers(0, 1))
		})
	}
}

func TestListingEndsWithItsContext(t *testing.T) {
	t.Parallel()
	w := newDirectoryWorld(t, nil)
	w.found(0, 300, everySecond)
	ctx, cancel := context.WithCancel(t.Context())
	w.tenant.OnRequest(func(_ *http.Request, n int) {
		if n == 2 {
			cancel()
		}
	})
	got, err := w.List(ctx)
	assert.Nil(t, got)
	require.ErrorIs(t, err, context.Canceled)
	var refused *source.Error
	assert.NotErrorAs(t, err, &refused)
}
