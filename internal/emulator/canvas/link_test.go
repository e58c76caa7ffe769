package canvas

import (
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLinkHeaderIsAsRecorded(t *testing.T) {
	t.Parallel()
	r := start(t, Options{Bookmarks: BookmarkTime, Zone: time.FixedZone("", -6*60*60)})
	r.publish(0, 10, 20)
	bookmark := "bookmark:" + base64.RawURLEncoding.EncodeToString([]byte(`"2026-03-01 06:00:10 -0600"`))
	link := func(page, rel string) string {
		return "<" + origin + userLog + "?end_time=2026-03-02T00%3A00%3A00%2B01%3A00&start_time=2026-01-01&page=" + page + "&per_page=2>; rel=\"" + rel + `"`
	}
	got := r.get(userLog + "?per_page=2&start_time=2026-01-01&page=first&access_token=secret&end_time=2026-03-02T00:00:00%2B01:00&api_key=secret")
	assert.Equal(t, link("first", "current")+","+link(bookmark, "next")+","+link("first", "first"), got.header.Get("Link"))
	got = r.get(got.next(t))
	assert.Equal(t, link(bookmark, "current")+","+link("first", "first"), got.header.Get("Link"), "no next on the last page")
	assert.Equal(t, []string{"0"}, got.ids(t))
}

func TestLinkHeaderOfARequestWithoutParameters(t *testing.T) {
	t.Parallel()
	r := start(t, Options{})
	r.AddUser(3, "Ada")
	assert.Equal(t, "<"+origin+userLog+`?page=first&per_page=10>; rel="current",<`+origin+userLog+`?page=first&per_page=10>; rel="first"`,
		r.get(userLog).header.Get("Link"))
}

func TestNameOfTheLinkHeaderMayBeOfAnyCase(t *testing.T) {
	t.Parallel()
	r := start(t, Options{LinkHeader: "lINK"})
	r.AddUser(3, "Ada")
	assert.NotEmpty(t, r.get(userLog).header.Get("Link"), "canonical in process")

	s := httptest.NewServer(r)
	defer s.Close()
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, "GET "+userLog+" HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer any\r\nConnection: close\r\n\r\n")
	require.NoError(t, err)
	answer, err := io.ReadAll(conn)
	require.NoError(t, err)
	assert.Contains(t, string(answer), "\r\nlINK: <http://h"+userLog+"?")
}

func TestNoEventIsLostAtAPageBorderWithTimeAndID(t *testing.T) {
	t.Parallel()
	r := start(t, Options{})
	r.publish(1, 2, 2, 2, 2, 3)
	assert.Equal(t, []string{"5", "4", "3", "2", "1", "0"}, r.walk(userLog+"?per_page=2"))
}

func TestEventsOfTheSecondAtAPageBorderAreSkippedWithTimeOnly(t *testing.T) {
	t.Parallel()
	r := start(t, Options{Bookmarks: BookmarkTime})
	r.publish(1, 2, 2, 2, 2, 3)
	assert.Equal(t, []string{"5", "4", "0"}, r.walk(userLog+"?per_page=2"))
	assert.Equal(t, []string{"4", "3", "2", "1"}, r.walk(userLog+"?per_page=100&start_time="+iso(2)+"&end_time="+iso(2)), "asked for alone, they are there")
}

func TestWalkSeesNothingThatWasPublishedInFrontOfIt(t *testing.T) {
	t.Parallel()
	r := start(t, Options{})
	r.publish(1, 2, 3, 4)
	first := r.get(userLog + "?per_page=2")
	assert.Equal(t, []string{"3", "2"}, first.ids(t))
	r.Publish(event("new", 9), event("late", 1), event("in front", 4))
	r.Remove("0")
	assert.Equal(t, []string{"1", "late"}, r.get(first.next(t)).ids(t))
}

func TestWalkKeepsItsBounds(t *testing.T) {
	t.Parallel()
	r := start(t, Options{})
	r.publish(1, 2, 3, 4, 5, 6)
	assert.Equal(t, []string{"4", "3", "2", "1"}, r.walk(userLog+"?per_page=2&start_time="+iso(2)+"&end_time="+iso(5)))
}

func TestPageThatIsNoBookmarkOfThisLogIsNotFound(t *testing.T) {
	t.Parallel()
	encode := func(s string) string { return "bookmark:" + base64.RawURLEncoding.EncodeToString([]byte(s)) }
	for _, kind := range []Bookmarks{BookmarkTime, BookmarkTimeAndID} {
		r := start(t, Options{Bookmarks: kind})
		r.publish(1)
		bad := []string{"", "1", "2", "last", "bookmark:", "bookmark:!", encode("x"), encode(`"yesterday"`), encode(`["yesterday",1]`), encode(`{}`)}
		for _, page := range bad {
			assert.Equal(t, http.StatusNotFound, r.get(userLog+"?page="+page).status, page)
		}
	}
	other := start(t, Options{})
	other.publish(1)
	assert.Equal(t, http.StatusNotFound, other.get(userLog+"?page="+encode(`"2026-03-01 06:00:10 -0600"`)).status, "a bookmark of an older server")
}

func TestLinkIsAbsoluteOnTheHostThatWasAsked(t *testing.T) {
	t.Parallel()
	r := start(t, Options{})
	r.publish(1)
	got := r.get(api + "logins/5")
	require.True(t, strings.HasPrefix(got.header.Get("Link"), "<"+origin+api+"logins/5?"), got.header.Get("Link"))
	assert.Equal(t, origin+"/api/v1/accounts/{events.account}", got.compound(t).Links["events.account"])
}
