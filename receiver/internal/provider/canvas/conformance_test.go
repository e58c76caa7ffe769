package canvas

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	emulator "github.com/userlog/userlog-otel/internal/emulator/canvas"
	"github.com/userlog/userlog-otel/receiver/internal/source"
	"github.com/userlog/userlog-otel/receiver/internal/sourcetest"
)

func TestConformance(t *testing.T) {
	for name, o := range map[string]emulator.Options{
		"a new server":                      {},
		"bookmarks of seconds":              {Bookmarks: emulator.BookmarkTime, Zone: time.FixedZone("", -6*3600)},
		"as documented, without ids":        {Shape: emulator.ShapeArray},
		"without ids, bookmarks of seconds": {Shape: emulator.ShapeArray, Bookmarks: emulator.BookmarkTime},
		"ids as text, fewer than asked for": {StringIDs: true, MaxPerPage: 7, LinkHeader: "link"},
	} {
		t.Run(name, func(t *testing.T) { sourcetest.Run(t, described(t, o)) })
	}
}

func TestWrongReadersDoNotConform(t *testing.T) {
	sourcetest.Rejects(t, described(t, emulator.Options{}))
}

const (
	account  = 210700000000000001 // 64 bits: of another shard than the first
	subject  = source.Subject("accounts/210700000000000001")
	pagePath = "/api/v1/audit/authentication/accounts/210700000000000001"
)

// eventOf is an event that the suite numbers. Its time is a part of what tells it from others where there is no id; the
// login is the rest of it, so that several of one second look alike.
func eventOf(n int, at time.Time) emulator.Event {
	return emulator.Event{
		ID: idOf(n), At: at, Type: "login", User: 210700000000000362, Login: 5 + int64(n%2), Account: account,
	}
}

func idOf(n int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", n) }

// described is the provider with its emulator, for the suite.
func described(t *testing.T, o emulator.Options) sourcetest.Provider {
	withoutIDs := o.Shape == emulator.ShapeArray
	var identity func(plog.LogRecord) string
	if withoutIDs {
		identity = looks
	}
	mostTied := 0
	if o.Bookmarks == emulator.BookmarkTime {
		mostTied = largestPage // the links skip the rest
	}
	ask := func(queries ...string) (requests []string) {
		for _, query := range queries {
			requests = append(requests, pagePath+"?"+query)
		}
		return requests
	}
	const newest = "per_page=10&start_time=2026-02-28T07%3A59%3A58Z"
	requests := sourcetest.Requests{EmptyLog: ask(newest), OnePage: ask(newest), SeveralPages: ask(several(t, o)...)}
	return sourcetest.Provider{
		Serve: func(now func() time.Time) sourcetest.Server {
			own := o
			own.Now = now
			i := emulator.New(own)
			i.AddAccount(account, "Example University")
			return server{i}
		},
		Reader: func(wire http.RoundTripper, limits sourcetest.Limits) source.Reader {
			return newProvider(t, wire, NewLogs(nil, []string{"210700000000000001"}, nil), func(s *Settings) {
				s.PageSize, s.Overlap, s.MaxHeld = limits.PageSize, limits.Overlap, limits.MaxHeld
			})
		},
		Subject: subject,
		Kind:    kindAccounts,
		UID: func(n int, at time.Time) string {
			if withoutIDs {
				return fmt.Sprint(5+n%2, " ", at.Unix())
			}
			return idOf(n)
		},
		Entry: func(n int, at time.Time, more string) string {
			if withoutIDs {
				return fmt.Sprintf(`{"created_at":%q,"event_type":"login","pseudonym_id":%d,"user_id":3%s}`, at.UTC().Format(time.RFC3339), 5+n%2, more)
			}
			return fmt.Sprintf(`{"id":%q,"created_at":%q,"event_type":"login","links":{"user":3}%s}`, idOf(n), at.UTC().Format(time.RFC3339), more)
		},
		Page: func(entries ...string) string { return `{"events":[` + strings.Join(entries, ",") + `]}` },
		Odd: []string{
			`{"id":17,"created_at":17,"event_type":17,"links":17}`, `{"id":"odd","created_at":"yesterday","event_type":"\u0000"}`,
			`{"id":null,"created_at":null,"event_type":null,"links":null}`, `{"id":{"":""},"created_at":["2026-03-01T07:58:00Z"]}`,
			`{"id":"odd","created_at":"2026-03-01T07:58:00Z","links":{"user":1e999,"login":[],"page_view":{}}}`,
			`{"id":"odd","Id":"no","id":"even","created_at":"2026-03-01T07:58:00Z","Created_At":0}`,
		},
		Fetch: fetch,
		Future: func(cursor source.Cursor) source.Cursor {
			return source.Cursor(regexp.MustCompile(`"([swfbdl])":\d+`).ReplaceAllString(string(cursor), `"$1":253402300799999`))
		},
		Requests:   requests,
		Identity:   identity,
		MostTied:   mostTied,
		Resolution: time.Second,
		Vanish:     !withoutIDs,
	}
}

// several are the queries of a log with a minute between two events. Each page begins with the second in which the one
// before it ended. Without ids it is along the links, which are the server's own, and as opaque here as to the reader, and
// that second is asked for on its own.
func several(t *testing.T, o emulator.Options) (queries []string) {
	begin := sourcetest.Begin()
	o.Now = func() time.Time { return begin }
	s := server{emulator.New(o)}
	for n := range sourcetest.SeveralPages {
		s.Publish(n+1, begin.Add(time.Duration(n-sourcetest.SeveralPages)*time.Minute))
	}
	const newest = "per_page=10&start_time=2026-02-28T07%3A59%3A58Z"
	client, border := &http.Client{Transport: sourcetest.Transport(s)}, ""
	for query := newest; query != ""; {
		if queries = append(queries, query); border != "" {
			queries = append(queries, border)
		}
		rows, next, err := fetch(client, sourcetest.PageSize, query)
		require.NoError(t, err)
		if query = next; next == "" {
			break
		}
		last := rows[len(rows)-1]
		at := url.QueryEscape(last.Time.UTC().Format(time.RFC3339))
		if last.UID != "" {
			query = "end_time=" + at + "&" + newest
		} else {
			border = "end_time=" + at + "&per_page=100&start_time=" + at
		}
	}
	return queries
}

// looks is what tells events without an id apart: everything in them. Several may look alike.
func looks(r plog.LogRecord) string {
	login, _ := r.Attributes().Get("canvas.login.id")
	return fmt.Sprint(login.Str(), " ", r.Timestamp().AsTime().Unix())
}

// server is an installation with the log of one account.
type server struct{ *emulator.Installation }

func (s server) Publish(n int, at time.Time) { s.Installation.Publish(eventOf(n, at)) }

func (s server) Remove(n int, _ time.Time) { s.Installation.Remove(idOf(n)) }

// fetch reads a page without any care, along the links.
func fetch(client *http.Client, size int, page string) (rows []sourcetest.Row, next string, err error) {
	if page == "" {
		page = fmt.Sprintf("per_page=%d", size)
	}
	resp, err := client.Get(origin + pagePath + "?" + page)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	type event struct {
		UID  string    `json:"id"`
		Time time.Time `json:"created_at"`
	}
	var answer struct {
		Events []event `json:"events"`
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, "", err
	}
	if err := json.Unmarshal(body, &answer); err != nil { // an array of them
		if err := json.Unmarshal(body, &answer.Events); err != nil {
			return nil, "", err
		}
	}
	for _, e := range answer.Events {
		rows = append(rows, sourcetest.Row(e))
	}
	for link := range strings.SplitSeq(resp.Header.Get("Link"), ",") {
		target, rel, _ := strings.Cut(link, ";")
		if strings.Contains(rel, `"next"`) {
			to, err := url.Parse(strings.Trim(target, "<>"))
			if err != nil {
				return nil, "", err
			}
			next = to.RawQuery
		}
	}
	return rows, next, nil
}
