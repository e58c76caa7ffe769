package auth0

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestUsersAreListedInPages(t *testing.T) {
	r := start(t, Options{})
	for i := range 120 {
		r.AddUsers(fmt.Sprintf("auth0|%03d", i))
	}
	r.SetUserStatus("auth0|003", http.StatusNotFound)
	r.publish("auth0|000", event("1", 1))
	var got struct {
		Start, Limit, Length, Total int
		Users                       []userElement
	}
	require.NoError(t, json.Unmarshal([]byte(r.get("/api/v2/users?include_totals=true&per_page=100&page=1").body), &got))
	assert.Equal(t, []int{100, 100, 19, 119}, []int{got.Start, got.Limit, got.Length, got.Total})
	assert.Equal(t, "auth0|101", got.Users[0].UserID)

	var first []userElement
	require.NoError(t, json.Unmarshal([]byte(r.get("/api/v2/users").body), &first))
	assert.Len(t, first, 50)
	assert.Equal(t, "2026-03-01T12:00:01.000Z", first[0].LastLogin)
}

func TestUsersEndAtAThousand(t *testing.T) {
	got := start(t, Options{}).get("/api/v2/users?per_page=100&page=10")
	assert.Equal(t, http.StatusBadRequest, got.status)
	assert.Equal(t, "invalid_paging", got.message(t).ErrorCode)
}

func TestUserIsFoundByEncodedID(t *testing.T) {
	r := start(t, Options{})
	r.AddUsers(ada)
	assert.Contains(t, r.get("/api/v2/users/auth0%7C63d1f0c2a4b5968778695a4b").body, `"user_id":"`+ada+`"`)
	assert.Equal(t, "inexistent_user", r.get("/api/v2/users/nobody").message(t).ErrorCode)
	r.SetUserStatus(ada, http.StatusForbidden)
	assert.Equal(t, http.StatusForbidden, r.get("/api/v2/users/auth0%7C63d1f0c2a4b5968778695a4b").status)
}
