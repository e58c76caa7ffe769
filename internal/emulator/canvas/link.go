package canvas

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/userlog/userlog-otel/internal/emulator/cloud"
)

// bookmark is the place of the last record of a page: what the next page shows comes before it.
type bookmark struct {
	second int64
	// number is that of the record; 0 on servers whose bookmarks hold the second only.
	number int64
}

// follows tells whether the record comes before the bookmark. Without a number everything of the bookmark's second is
// skipped: "created_at < ?" (canvas-lms, event_stream/index_strategy/active_record.rb @b6dbd66d).
func (b bookmark) follows(r *record) bool {
	return r.second < b.second || r.second == b.second && r.number < b.number
}

const (
	firstPage      = "first"
	bookmarkPrefix = "bookmark:"
	// bookmarkTime is the form of the time in the recorded bookmark.
	bookmarkTime = "2006-01-02 15:04:05 -0700"
)

var errPage = errors.New("no page of this log")

// page is the bookmark as a value of the page parameter. Clients must not look into it: its form is close to the recorded
// one, which held a shard and a time; what a bookmark with an id looks like is unverified.
func (b bookmark) page(kind Bookmarks, zone *time.Location) string {
	at := time.Unix(b.second, 0).In(zone).Format(bookmarkTime)
	var v any = at
	if kind == BookmarkTimeAndID {
		v = []any{at, b.number}
	}
	return bookmarkPrefix + base64.RawURLEncoding.EncodeToString(cloud.Encode(v))
}

// parsePage reads the page parameter; nil is the first page. Page numbers are none (canvas-lms, BookmarkedCollection).
func parsePage(page string, kind Bookmarks) (*bookmark, error) {
	if page == firstPage {
		return nil, nil
	}
	encoded, ok := strings.CutPrefix(page, bookmarkPrefix)
	if !ok {
		return nil, errPage
	}
	raw, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		return nil, errPage
	}
	var b bookmark
	var at string
	if kind == BookmarkTime {
		err = json.Unmarshal(raw, &at)
	} else {
		err = json.Unmarshal(raw, &[]any{&at, &b.number})
	}
	if err != nil {
		return nil, errPage
	}
	t, err := time.Parse(bookmarkTime, at)
	if err != nil {
		return nil, errPage
	}
	b.second = t.Unix()
	return &b, nil
}

// setLink sets the Link header: absolute URLs, no space behind the comma, the other parameters in alphabetical order
// before page and per_page, and no token among them (canvas-lms, lib/api.rb; recorded in 2022). There is no prev and no
// last for bookmarks; next is left out on the last page.
func setLink(h http.Header, name string, r *http.Request, page, next string, perPage int) {
	q := r.URL.Query()
	maps.DeleteFunc(q, func(name string, _ []string) bool {
		switch name {
		case "page", "per_page", "access_token", "api_key":
			return true
		}
		return false
	})
	base := cloud.Origin(r) + r.URL.EscapedPath() + "?"
	if len(q) > 0 {
		base += q.Encode() + "&"
	}
	link := func(page, rel string) string {
		return "<" + base + "page=" + page + "&per_page=" + strconv.Itoa(perPage) + `>; rel="` + rel + `"`
	}
	links := []string{link(page, "current")}
	if next != "" {
		links = append(links, link(next, "next"))
	}
	if r.Context().Value(http.ServerContextKey) == nil { // no connection, and nobody to make the name canonical
		name = http.CanonicalHeaderKey(name)
	}
	h[name] = []string{strings.Join(append(links, link(firstPage, "first")), ",")} // not Set, which makes it canonical
}
