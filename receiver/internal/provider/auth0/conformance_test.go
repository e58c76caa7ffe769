package auth0

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	emulator "github.com/userlog/userlog-otel/internal/emulator/auth0"
	"github.com/userlog/userlog-otel/receiver/internal/source"
	"github.com/userlog/userlog-otel/receiver/internal/sourcetest"
)

func TestConformance(t *testing.T) { sourcetest.Run(t, described(t)) }

func TestWrongReadersDoNotConform(t *testing.T) { sourcetest.Rejects(t, described(t)) }

// described is the provider with its emulator, for the suite.
func described(t *testing.T) sourcetest.Provider {
	path := "/api/v2/users/auth0%7C65f1c0ffee65f1c0ffee65f1/logs?"
	ask := func(page, perPage int) string {
		return path + fmt.Sprintf("page=%d&per_page=%d&sort=date%%3A-1", page, perPage)
	}
	return sourcetest.Provider{
		Serve: func(now func() time.Time) sourcetest.Server {
			return server{t: t, Tenant: emulator.New(emulator.Options{Now: now})}
		},
		Reader: func(wire http.RoundTripper, limits sourcetest.Limits) source.Reader {
			return newProvider(t, wire, func(s *Settings) {
				s.PageSize, s.Overlap, s.MaxHeld = limits.PageSize, limits.Overlap, limits.MaxHeld
			})
		},
		Subject: user,
		UID:     func(n int, _ time.Time) string { return logID(n) },
		Entry:   jsonEntry,
		Page:    func(entries ...string) string { return "[" + strings.Join(entries, ",") + "]" },
		Odd: []string{
			`{"log_id":17,"date":17,"type":17}`, `{"log_id":"odd","date":"yesterday","type":"\u0000"}`,
			`{"log_id":null,"_id":[],"date":null,"type":null}`, `{"log_id":{"":""},"date":["2026-03-01T07:58:00.000Z"]}`,
			`{"log_id":"odd","date":"2026-03-01T07:58:00.000Z","type":["s"],"ip":1e999,"scope":{"":[]},"isMobile":"no"}`,
			`{"log_id":"odd","Log_Id":"no","log_id":"even","date":"2026-03-01T07:58:00.000Z","DATE":0}`,
		},
		Requests: sourcetest.Requests{
			EmptyLog:     []string{ask(0, 10)},
			OnePage:      []string{ask(0, 10)},
			SeveralPages: []string{ask(0, 10), ask(1, 9), ask(2, 8), ask(2, 10)},
		},
		Fetch: fetch,
		Future: func(cursor source.Cursor) source.Cursor {
			return source.Cursor(regexp.MustCompile(`"([swf])":\d+`).ReplaceAllString(string(cursor), `"$1":253402300799999`))
		},
		Resolution: time.Millisecond,
		Vanish:     true,
		CountsRows: true,
	}
}

// server is a tenant with the log of one user.
type server struct {
	*emulator.Tenant
	t *testing.T
}

func (s server) Publish(n int, at time.Time) {
	require.NoError(s.t, s.Tenant.Publish(user, json.RawMessage(jsonEntry(n, at, ""))))
}

func (s server) Remove(n int, _ time.Time) { require.True(s.t, s.Tenant.Remove(user, logID(n))) }

// fetch reads a page without any care.
func fetch(client *http.Client, size int, page string) (rows []sourcetest.Row, next string, err error) {
	return fetchList(client, "https://tenant.example.com/api/v2/users/"+url.PathEscape(user)+"/logs", size, page, url.Values{"sort": {"date:-1"}})
}

func fetchList(client *http.Client, list string, size int, page string, query url.Values) (rows []sourcetest.Row, next string, err error) {
	number, _ := strconv.Atoi(page)
	query.Set("page", strconv.Itoa(number))
	query.Set("per_page", strconv.Itoa(size))
	resp, err := client.Get(list + "?" + query.Encode())
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	var entries []struct {
		UID  string    `json:"log_id"`
		Time time.Time `json:"date"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&entries); err != nil {
		return nil, "", err
	}
	for _, e := range entries {
		rows = append(rows, sourcetest.Row(e))
	}
	if len(rows) == size {
		next = strconv.Itoa(number + 1)
	}
	return rows, next, nil
}
