package auth0

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// fullPage is the page that a listing asks for, if row 0 of its search is the first of very many users, the nth created at
// that time.
func fullPage(l *listing, first, total int, at func(n int) time.Time) userPage {
	p := userPage{total: total}
	for n := first + l.at.span.start(); n < first+l.at.span.end(); n++ {
		p.rows = append(p.rows, userRow{userNumber(n), at(n)})
	}
	return p
}

func TestListingEndsWhereNobodyHasATimeOfCreation(t *testing.T) {
	t.Parallel()
	for total, want := range map[int]string{
		1200: "200 users are left out, who were created at 2026-03-01T08:13:47.000Z or later, because a user has no created_at that can be read",
		-1:   "some users are left out, who were created at 2026-03-01T08:13:47.000Z or later, because a user has no created_at that can be read",
	} {
		l := newListing(userSearch{})
		for range 11 {
			assert.False(t, l.done, "it goes on to the last page that Auth0 gives")
			l.take(fullPage(l, 0, total, func(n int) time.Time {
				if n >= 900 {
					return time.Time{}
				}
				return everySecond(n)
			}))
		}
		assert.True(t, l.done)
		assert.Equal(t, numbers(0, 1000), l.users)
		assert.ErrorContains(t, l.left.problem(), want)
	}
}

func TestListingEndsAtAMillionUsers(t *testing.T) {
	t.Parallel()
	l := newListing(userSearch{})
	l.users = make([]source.Subject, maxUsers-1000)
	for range 11 {
		require.False(t, l.done)
		l.take(fullPage(l, 0, 5000, everySecond))
	}
	assert.True(t, l.done)
	assert.ErrorContains(t, l.left.problem(), "4000 users are left out, who were created at 2026-03-01T08:16:39.000Z or later, because more than 1,000,000 users match")
}

func TestListingEndsIfASearchGivesNobodyNew(t *testing.T) {
	t.Parallel()
	l := newListing(userSearch{})
	pages := 0
	for ; !l.done && pages < 100; pages++ {
		l.take(fullPage(l, 0, -1, func(int) time.Time { return everySecond(pages) }))
	}
	assert.Equal(t, 22, pages, "two searches")
	assert.Equal(t, numbers(0, 1000), l.users)
	assert.ErrorContains(t, l.left.problem(), "some users are left out")
}

func TestSearchBegunAnewMayGiveNobodyNew(t *testing.T) {
	t.Parallel()
	l := newListing(userSearch{})
	for range 10 {
		l.take(fullPage(l, 0, 5000, everySecond))
	}
	for range 12 { // the last page, after as many vanished as two pages share; then all again
		l.take(fullPage(l, 10, 4990, everySecond))
	}
	assert.Equal(t, everySecond(1009), l.at.from.at, "the next search goes on with the last one")
	assert.Len(t, l.users, 1010)
	assert.False(t, l.done)
}

func TestPageThatIsTooShortIsNotTakenForTheLastOne(t *testing.T) {
	t.Parallel()
	l := newListing(userSearch{})
	l.take(fullPage(l, 0, 230, everySecond))
	short := fullPage(l, 0, 230, everySecond)
	short.rows = short.rows[:50]
	l.take(short)
	assert.True(t, l.done)
	assert.ErrorContains(t, l.left.problem(), "81 users are left out, who were created at 2026-03-01T08:01:39.000Z or later, "+
		"because a page that is not the last one holds fewer users than it should")
}

func TestTotalThatCannotBeTrueCountsNobody(t *testing.T) {
	t.Parallel()
	l := newListing(userSearch{})
	for range 22 {
		l.take(fullPage(l, 0, 100, atOnce)) // the length of the page, as in the answers of logs
	}
	l.take(userPage{total: 0})
	assert.True(t, l.done)
	assert.ErrorContains(t, l.left.problem(), "some users are left out, because more than 1,000 were created at one time")
}

func TestOddUsersAreCountedOnce(t *testing.T) {
	t.Parallel()
	l := newListing(userSearch{})
	// odd has no id on the rows that are given again: the last of each page, and the one with whom the next search begins.
	odd := func(first int) userPage {
		p := fullPage(l, first, 1500, everySecond)
		for i := range p.rows {
			if n := l.at.span.start() + i; n == 99 || n == 197 || first+n == 999 {
				p.rows[i].id = ""
			}
		}
		return p
	}
	for range 11 {
		l.take(odd(0))
	}
	last := odd(999)
	last.rows = last.rows[:50]
	l.take(last)
	assert.True(t, l.done)
	assert.Equal(t, 3, l.left.odd)
	assert.False(t, l.torn)
}

// Whatever happens to a tenant while it is listed: who was there all the time is listed, or an error tells that some are
// not; and nobody is who was never there.
func TestDirectoryListsEverybodyWhoStays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := newDirectoryWorld(t, nil)
		n := rapid.IntRange(1, 2600).Draw(rt, "users")
		group := rapid.SampledFrom([]int{1, 2, 90, 400, 1001, 1200}).Draw(rt, "created at one time")
		at := func(n int) time.Time { return everySecond(n / group) }
		w.found(0, n, at)
		changes := rapid.MapOfN(rapid.IntRange(1, 30), rapid.IntRange(0, n-1), 0, 4).Draw(rt, "changes before requests")
		var deleted []source.Subject
		w.tenant.OnRequest(func(_ *http.Request, request int) {
			if user, ok := changes[request]; ok {
				gone := numbers(user, min(user+3, n))
				w.delete(gone...)
				deleted = append(deleted, gone...)
				w.found(n+request, 1, at)
			}
		})
		got, requests, err := w.list()
		missing := without(numbers(0, n), append(slices.Clone(got), deleted...))
		if err == nil && group <= MaxResults { // of larger groups, who comes meanwhile hides that others are missing
			assert.Empty(rt, missing)
		}
		if len(deleted) == 0 {
			assert.Equal(rt, len(missing) > 0, err != nil)
		}
		assert.Empty(rt, without(got, numbers(0, n+31)))
		assert.LessOrEqual(rt, requests, (n/usersPerPage+12)*(maxRestarts+1))
	})
}
