package day

import (
	"encoding/json"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/invent"
	"github.com/userlog/userlog-otel/internal/emulator/kobil"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// live lets a day pass and returns the log of each user.
func live(t *testing.T, seed uint64) (*kobil.Installation, *Day) {
	t.Helper()
	d := New(Options{Seed: seed, Users: 4})
	i := kobil.New(kobil.Options{})
	i.AddUsers(d.Users()...)
	var q invent.Queue[Event]
	q.Push(d.Past(noon.Add(-24*time.Hour), noon, 100)...)
	for n := range 100 {
		now := noon.Add(time.Duration(n) * time.Second)
		q.Push(d.Next(now)...)
		for _, e := range q.Due(now) {
			user, entry := d.Write(e)
			require.NoError(t, i.Publish(user, entry))
		}
	}
	return i, d
}

func TestSameSeedGivesSameDay(t *testing.T) {
	t.Parallel()
	once, d := live(t, 1)
	again, _ := live(t, 1)
	other, _ := live(t, 2)
	assert.Len(t, d.Users(), 4)
	for _, user := range d.Users() {
		assert.NotEmpty(t, once.Entries(user))
		assert.Equal(t, once.Entries(user), again.Entries(user))
	}
	assert.NotEqual(t, once.Users(), other.Users())
}

func TestIDsGrowWithTime(t *testing.T) {
	t.Parallel()
	i, d := live(t, 1)
	actions := map[string]int{}
	for _, user := range d.Users() {
		last := kobil.Entry{LogDate: "0"}
		for _, raw := range i.Entries(user) {
			var e kobil.Entry
			require.NoError(t, json.Unmarshal(raw, &e))
			assert.Greater(t, e.ID, last.ID)
			before, err := strconv.Atoi(last.LogDate)
			require.NoError(t, err)
			at, err := strconv.Atoi(e.LogDate)
			require.NoError(t, err)
			assert.GreaterOrEqual(t, at, before)
			assert.Equal(t, user, e.UserID)
			actions[e.Action]++
			last = e
		}
	}
	assert.Greater(t, actions["35"], actions["13"])
	assert.Len(t, actions, 3)
}

func TestPeopleAreThoseOfTheOtherClouds(t *testing.T) {
	t.Parallel()
	few, many := New(Options{Seed: 3, Users: 2}).Users(), New(Options{Seed: 3}).Users()
	assert.Len(t, many, invent.DefaultPeople)
	assert.Equal(t, few, many[:2])
	assert.Equal(t, invent.People(3, 1)[0].Nickname, few[0])
}

func TestEventIsThatOfTheUsersDevice(t *testing.T) {
	t.Parallel()
	d := New(Options{Seed: 1, Users: 3})
	for n := range 4 { // the fourth is the first again
		user, raw := d.Write(d.Event(noon, n, WrongPIN, "why"))
		var e kobil.Entry
		require.NoError(t, json.Unmarshal(raw, &e))
		assert.Equal(t, d.Users()[n%3], user)
		assert.Equal(t, user, e.UserID)
		assert.Equal(t, d.people[n%3].device, e.DeviceID)
		assert.Equal(t, []string{WrongPIN, "why", strconv.FormatInt(noon.Unix(), 10)}, []string{e.Action, e.Details, e.LogDate})
	}
}
