package kobil

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	emulator "github.com/userlog/userlog-otel/internal/emulator/kobil"
	"github.com/userlog/userlog-otel/receiver/internal/source"
	"github.com/userlog/userlog-otel/receiver/internal/sourcetest"
)

func TestConformance(t *testing.T) {
	for name, o := range map[string]emulator.Options{
		"as in the vendor's sample":           {},
		"as in the vendor's table, no flag":   {Envelope: emulator.EnvelopeDocumented, More: emulator.MoreAbsent},
		"more for ever, fewer than asked for": {More: emulator.MoreAlwaysTrue, MaxLimit: 7, Envelope: emulator.EnvelopeTopLevel},
	} {
		t.Run(name, func(t *testing.T) { sourcetest.Run(t, described(t, o)) })
	}
}

func TestWrongReadersDoNotConform(t *testing.T) {
	sourcetest.Rejects(t, described(t, emulator.Options{}))
}

const userPath = "/digitanium/v4/user/ada.lovelace@example.com/logs"

// described is the provider with its emulator, for the suite.
func described(t *testing.T, o emulator.Options) sourcetest.Provider {
	ask := func(offsets ...int) (requests []string) {
		for _, offset := range offsets {
			requests = append(requests, fmt.Sprintf("%s?limit=10&offset=%d", userPath, offset))
		}
		return requests
	}
	requests := sourcetest.Requests{
		EmptyLog: ask(0), OnePage: ask(0), SeveralPages: ask(0, 9, 27, 18, 9, 0),
	}
	if o.More != emulator.MoreHonest { // that a page is the last one shows when another one is asked for
		requests.OnePage = ask(0, 4, 0)
	}
	if o.More == emulator.MoreAlwaysTrue { // that more follow is believed until it is said of an empty page
		requests.OnePage = ask(0, 4, 12, 0)
	}
	if o.MaxLimit == 7 {
		requests.SeveralPages = ask(0, 6, 18, 42, 30, 24, 18, 12, 6, 0)
	}
	return sourcetest.Provider{
		Serve: func(now func() time.Time) sourcetest.Server {
			own := o
			own.Now = now
			return newServer(t, own)
		},
		Reader: func(wire http.RoundTripper, limits sourcetest.Limits) source.Reader {
			return newProvider(t, wire, func(s *Settings) { s.PageSize, s.Overlap = limits.PageSize, limits.Overlap })
		},
		Subject: user,
		UID:     func(n int, _ time.Time) string { return fmt.Sprint(idOf(n)) },
		Entry:   jsonEntry,
		Page: func(entries ...string) string {
			return `{"status":"OK","data":{"moreResultsAvailable":false,"reportingInfoItems":[` + strings.Join(entries, ",") + `]}}`
		},
		Odd: []string{
			`{"id":17.5,"logDate":1772351880,"action":17}`, `{"id":"odd","logDate":"yesterday","action":"\u0000"}`,
			`{"id":null,"logDate":null,"action":null}`, `{"id":{"":""},"logDate":["1772352000"]}`,
			`{"id":-1,"logDate":"1e9","action":["13"],"archived":"no"}`, `{"id":18446744073709551616,"status":1e999}`,
		},
		Requests: requests,
		Fetch:    fetch,
		Future: func(cursor source.Cursor) source.Cursor {
			text := regexp.MustCompile(`"([safhtl])":\d+`).ReplaceAllString(string(cursor), `"$1":253402300799999`)
			return source.Cursor(regexp.MustCompile(`"([cm])":"[^"]*"`).ReplaceAllString(text, `"$1":"zzzzzzzzz"`))
		},
		Resolution: time.Second,
		Vanish:     true,
		CountsRows: true,
	}
}

// server is an installation with the log of one user.
type server struct {
	*emulator.Installation
	t *testing.T
}

func newServer(t *testing.T, o emulator.Options) server {
	s := server{Installation: emulator.New(o), t: t}
	s.AddUsers(user)
	return s
}

func (s server) Publish(n int, at time.Time) {
	require.NoError(s.t, s.Installation.Publish(user, json.RawMessage(jsonEntry(n, at, ""))))
}

func (s server) Remove(n int, _ time.Time) {
	require.True(s.t, s.Installation.Remove(user, fmt.Sprint(idOf(n))))
}

// fetch reads a page without any care.
func fetch(client *http.Client, size int, page string) (rows []sourcetest.Row, next string, err error) {
	offset, _ := strconv.Atoi(page)
	resp, err := client.Get(fmt.Sprintf("https://acme.example.com%s?limit=%d&offset=%d", userPath, size, offset))
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	var answer struct {
		Data struct {
			Items []struct {
				ID   json.Number `json:"id"`
				Date string      `json:"logDate"`
			} `json:"reportingInfoItems"`
		} `json:"data"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return nil, "", err
	}
	for _, item := range answer.Data.Items {
		seconds, _ := strconv.ParseInt(item.Date, 10, 64)
		rows = append(rows, sourcetest.Row{UID: item.ID.String(), Time: time.Unix(seconds, 0)})
	}
	if len(rows) == size {
		next = strconv.Itoa(offset + size)
	}
	return rows, next, nil
}
