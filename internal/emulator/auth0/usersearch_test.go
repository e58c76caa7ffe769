package auth0

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// searchable is a tenant of four users; eve never logged in, and dan is deleted.
func searchable(t *testing.T) rig {
	r := start(t, Options{Now: func() time.Time { return day }})
	at := func(hours int) time.Time { return day.Add(time.Duration(hours) * time.Hour) }
	r.AddUser(
		User{ID: "auth0|eve", CreatedAt: at(4), Email: "eve@example.com", Blocked: true},
		User{ID: "auth0|bob", CreatedAt: at(2).Add(time.Microsecond), LastLogin: at(30), Email: "Bob@example.com", Connection: `my "first" \ AND (one)`},
		User{ID: "google-oauth2|1", CreatedAt: at(2), LastLogin: at(20)},
		User{ID: "waad|example-staff|9", CreatedAt: at(3), LastLogin: at(10)},
		User{ID: "auth0|dan", CreatedAt: at(1)},
	)
	r.SetUserStatus("auth0|dan", http.StatusNotFound)
	return r
}

// users are the ids of the users who are listed for parameters.
func (r rig) users(parameters url.Values) (ids []string) {
	r.t.Helper()
	got := r.get("/api/v2/users?" + parameters.Encode())
	require.Equal(r.t, http.StatusOK, got.status, got.body)
	var list []userElement
	require.NoError(r.t, json.Unmarshal([]byte(got.body), &list))
	for _, u := range list {
		ids = append(ids, u.UserID)
	}
	return ids
}

func TestUsersAreSearched(t *testing.T) {
	t.Parallel()
	r := searchable(t)
	const bob, google, staff, eve = "auth0|bob", "google-oauth2|1", "waad|example-staff|9", "auth0|eve"
	for q, want := range map[string][]string{
		"":                        {bob, google, staff, eve},
		`user_id:"auth0|eve"`:     {eve},
		`user_id:"AUTH0|eve"`:     nil,
		`email:"bob@EXAMPLE.com"`: {bob},
		`blocked:true`:            {eve},
		`blocked:false`:           {bob, google, staff},
		`identities.connection:"Username-Password-Authentication"`:                           {eve},
		`identities.connection:"google-oauth2"`:                                              {google},
		`identities.connection:"example-staff"`:                                              {staff},
		`identities.connection:"my \"first\" \\ AND (one)"`:                                  {bob},
		`created_at:[2026-03-01T14:00:00.000Z TO *]`:                                         {bob, google, staff, eve},
		`created_at:{2026-03-01T14:00:00.000Z TO *]`:                                         {staff, eve},
		`created_at:[* TO 2026-03-01T15:00:00Z}`:                                             {bob, google},
		`created_at:[* TO *]`:                                                                {bob, google, staff, eve},
		`created_at:{2026-03-01T14:00:00Z TO *] AND created_at:[* TO 2026-03-01T15:00:00Z]`:  {staff},
		`last_login:[2026-03-02 TO *]`:                                                       {bob, google},
		`last_login:{* TO 2026-03-02T08:00:00Z}`:                                             {staff},
		`(last_login:[2026-03-02 TO *]) AND identities.connection:"google-oauth2"`:           {google},
		`( (email:"bob@example.com" AND blocked:false) AND (created_at:[2026-03-01 TO *]) )`: {bob},
	} {
		assert.Equal(t, want, r.users(url.Values{"q": {q}, "search_engine": {"v3"}}), q)
	}
}

func TestUserSearchRefusesWhatItDoesNotUnderstand(t *testing.T) {
	t.Parallel()
	r := searchable(t)
	for _, q := range []string{
		`name:"jane"`, `email:"a" OR email:"b"`, `NOT blocked:true`, `blocked:maybe`, `user_id:[a TO b]`, `created_at:"2026-03-01"`,
		`created_at:[yesterday TO *]`, `created_at:[2026-03-01]`, `(blocked:true`, `blocked:true)`, `blocked:true AND`, `AND blocked:true`,
		`blocked:true ANDblocked:true`, `blocked:true blocked:true`, `email:"x`, `()`, `(blocked:true)) AND ((blocked:true)`, `last_login:*`,
	} {
		got := r.get("/api/v2/users?q=" + url.QueryEscape(q))
		assert.Equal(t, http.StatusBadRequest, got.status, q)
		assert.Contains(t, got.message(t).Message, "The emulator understands in q only", q)
	}
	for query, want := range map[string]string{
		"sort=name:1":           "on property sort",
		"sort=created_at":       "on property sort",
		"search_engine=v2":      "No enum match for: v2' on property search_engine",
		"include_fields=maybe":  "on property include_fields",
		"include_totals=please": "on property include_totals",
		"per_page=101":          "is greater than maximum 100' on property per_page",
	} {
		got := r.get("/api/v2/users?" + query)
		assert.Equal(t, http.StatusBadRequest, got.status, query)
		assert.Contains(t, got.message(t).Message, want, query)
	}
}

func TestUsersAreSorted(t *testing.T) {
	t.Parallel()
	r := searchable(t)
	const bob, google, staff, eve = "auth0|bob", "google-oauth2|1", "waad|example-staff|9", "auth0|eve"
	for order, want := range map[string][]string{
		"":              {bob, google, staff, eve},
		"created_at:1":  {bob, google, staff, eve},
		"created_at:-1": {eve, staff, google, bob},
		"user_id:1":     {bob, eve, google, staff},
		"user_id:-1":    {staff, google, eve, bob},
		"last_login:1":  {eve, staff, google, bob},
		"last_login:-1": {bob, google, staff, eve},
	} {
		assert.Equal(t, want, r.users(url.Values{"sort": {order}}), order)
	}
	assert.Equal(t, []string{google}, r.users(url.Values{"sort": {"created_at:-1"}, "per_page": {"1"}, "page": {"2"}}))
}

func TestUserSearchTellsTheNumberOfMatches(t *testing.T) {
	t.Parallel()
	r := searchable(t)
	got := r.get("/api/v2/users?include_totals=true&per_page=2&page=1&fields=user_id&q=" + url.QueryEscape(`created_at:[2026-03-01 TO *]`))
	assert.Equal(t, `{"start":2,"limit":2,"length":2,"total":4,"users":[{"user_id":"waad|example-staff|9"},{"user_id":"auth0|eve"}]}`, got.body)
}

func TestFieldsAreChosen(t *testing.T) {
	t.Parallel()
	r := searchable(t)
	const one = `/api/v2/users?q=email:"eve@example.com"`
	whole := `{"created_at":"2026-03-01T16:00:00.000Z","email":"eve@example.com","identities":[{"connection":"Username-Password-Authentication",` +
		`"provider":"auth0","user_id":"eve","isSocial":false}],"user_id":"auth0|eve","blocked":true}`
	for query, want := range map[string]string{
		"":                           whole,
		"&include_fields=true":       whole,
		"&fields=user_id,created_at": `{"created_at":"2026-03-01T16:00:00.000Z","user_id":"auth0|eve"}`,
		"&fields=created_at,nothing": `{"created_at":"2026-03-01T16:00:00.000Z"}`,
		"&fields=identities,blocked&include_fields=false": `{"created_at":"2026-03-01T16:00:00.000Z","email":"eve@example.com","user_id":"auth0|eve"}`,
	} {
		assert.Equal(t, "["+want+"]", r.get(one+query).body, query)
	}
}

func TestLastLoginIsThatOfTheLogUnlessItIsSet(t *testing.T) {
	t.Parallel()
	r := start(t, Options{Now: func() time.Time { return day }})
	r.AddUser(User{ID: ada})
	assert.NotContains(t, r.get("/api/v2/users").body, "last_login")
	r.publish(ada, event("1", 7))
	assert.Contains(t, r.get("/api/v2/users").body, `"last_login":"2026-03-01T12:00:07.000Z"`)
	r.AddUser(User{ID: ada, LastLogin: day, CreatedAt: day.Add(-time.Hour)})
	assert.Contains(t, r.get("/api/v2/users").body, `"last_login":"2026-03-01T12:00:00.000Z"`)
	assert.Contains(t, r.get("/api/v2/users").body, `"created_at":"2026-03-01T11:00:00.000Z"`)
	assert.Equal(t, []string{"1"}, r.get(adaLogs).ids(t), "who is added again keeps the log")
	assert.Equal(t, []string{ada}, r.users(nil))
}

func TestUsersKeepTheirOrderWhenTheyChange(t *testing.T) {
	t.Parallel()
	r := start(t, Options{Now: func() time.Time { return day }})
	r.AddUsers("a", "b", "b", "c")
	r.AddUser(User{ID: "a", CreatedAt: day.Add(time.Hour)}, User{ID: "d", CreatedAt: day.Add(-time.Hour)}, User{ID: "d", CreatedAt: day.Add(2 * time.Hour)})
	assert.Equal(t, []string{"b", "c", "a", "d"}, r.users(nil))
	assert.Equal(t, []string{"a", "b", "c", "d"}, r.Users(), "in the order in which they became known")
}

func TestUsersStatusFailsTheListOnly(t *testing.T) {
	t.Parallel()
	r := searchable(t)
	for status, want := range map[int]apiError{
		401: errExpiredToken, 403: errUsersScope, 404: errNotFound, 429: errTooManyRequests, 503: errSlowQuery,
	} {
		r.SetUsersStatus(status)
		got := r.get("/api/v2/users")
		assert.Equal(t, status, got.status)
		assert.Equal(t, want, got.message(t))
		assert.Equal(t, status == http.StatusTooManyRequests, got.header.Get("Retry-After") == "1")
		assert.Equal(t, http.StatusOK, r.get("/api/v2/users/auth0%7Ceve").status)
		assert.Equal(t, http.StatusOK, r.get("/api/v2/users/auth0%7Ceve/logs").status)
	}
	r.SetUsersStatus(0)
	assert.Len(t, r.users(nil), 4)
}
