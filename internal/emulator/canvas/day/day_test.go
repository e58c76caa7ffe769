package day

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/canvas"
	"github.com/userlog/userlog-otel/internal/emulator/invent"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// live lets a day pass.
func live(seed uint64) *canvas.Installation {
	d := New(Options{Seed: seed, Users: 5})
	i := canvas.New(canvas.Options{})
	d.Enrol(i)
	var q invent.Queue[Event]
	q.Push(d.Past(noon.Add(-24*time.Hour), noon, 100)...)
	for n := range 200 {
		now := noon.Add(time.Duration(n) * time.Second)
		q.Push(d.Next(now)...)
		for _, e := range q.Due(now) {
			e.Publish(i)
		}
	}
	return i
}

func TestSameSeedGivesSameDay(t *testing.T) {
	t.Parallel()
	once := live(1).Entries("accounts/1")
	assert.Greater(t, len(once), 250)
	assert.Equal(t, once, live(1).Entries("accounts/1"))
	assert.NotEqual(t, once, live(2).Entries("accounts/1"))
}

func TestEventsLinkToWhatIsThere(t *testing.T) {
	t.Parallel()
	i := live(1)
	r := httptest.NewRequest(http.MethodGet, "/api/v1/audit/authentication/accounts/1?per_page=100", nil)
	r.Header.Set("Authorization", "Bearer any")
	w := httptest.NewRecorder()
	i.ServeHTTP(w, r)
	var got struct {
		Events []struct {
			Type  string `json:"event_type"`
			Links struct {
				PageView *string `json:"page_view"`
			}
		}
		Linked struct {
			Users     []struct{ ID int64 }
			Logins    []json.RawMessage
			Accounts  []struct{ Name string }
			PageViews []struct {
				RemoteIP string `json:"remote_ip"`
			} `json:"page_views"`
		}
	}
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &got), w.Body)
	types, withView := map[string]int{}, 0
	for _, e := range got.Events {
		types[e.Type]++
		if e.Links.PageView != nil {
			withView++
		}
	}
	assert.Greater(t, types["login"], types["logout"])
	assert.Positive(t, types["logout"])
	assert.Len(t, got.Linked.PageViews, withView)
	assert.Less(t, withView, 100, "a few page views are gone")
	assert.NotEmpty(t, got.Linked.PageViews[0].RemoteIP)
	assert.Len(t, got.Linked.Users, 5)
	assert.Len(t, got.Linked.Logins, 5)
	assert.Equal(t, "Example University", got.Linked.Accounts[0].Name)
}

func TestPeopleAreThoseOfTheOtherClouds(t *testing.T) {
	t.Parallel()
	few, many := New(Options{Seed: 3, Users: 5}), New(Options{Seed: 3})
	assert.Len(t, many.Users(), invent.DefaultPeople)
	assert.Equal(t, few.Users(), many.Users()[:5])
	assert.Equal(t, invent.People(3, 1)[0].Name, few.people[0].name)
	assert.Greater(t, few.Users()[4], int64(1)<<53, "some ids are above what a float64 holds")
}
