package userlogcursor

import (
	"maps"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/checkpoint"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// stored is a disk with the cursors of some logs.
func stored(s *Source, logs ...string) *disk {
	d := newDisk()
	d.keys["/v1/epoch"] = `{"v":1}`
	for _, log := range logs {
		d.keys["/v1/cursor/"+checkpoint.HashOf(source.Subject(log))] = string(checkpoint.Stored{Fingerprint: s.Fingerprint}.Replaced(`{"w":1795600000000,"f":1795599000000}`))
	}
	return d
}

func TestExactlyTheWantedLogsBeginAgain(t *testing.T) {
	t.Parallel()
	s := sourceOf(t, "https://acme.example.com")
	all := []string{"auth0|1", "auth0|2", "users/3", "accounts/1"}
	for name, test := range map[string]struct {
		choice Choice
		gone   []string
	}{
		"all":              {Choice{All: true}, all},
		"by a user":        {Choice{Logs: []string{"auth0|2"}}, []string{"auth0|2"}},
		"by Canvas's id":   {Choice{Logs: []string{"3", "accounts/1"}}, []string{"users/3", "accounts/1"}},
		"by what is shown": {Choice{Logs: []string{checkpoint.HashOf("auth0|1")[:8]}}, []string{"auth0|1"}},
		"one of two words": {Choice{Logs: []string{"auth0|1", checkpoint.HashOf("auth0|1")}}, []string{"auth0|1"}},
	} {
		d := stored(s, all...)
		want := maps.Clone(d.keys)
		for _, log := range test.gone {
			delete(want, "/v1/cursor/"+checkpoint.HashOf(source.Subject(log)))
		}
		ids, err := Selected(t.Context(), d, test.choice)
		require.NoError(t, err, name)
		assert.Len(t, ids, len(test.gone), name)
		n, err := Reset(t.Context(), d, test.choice, "")
		require.NoError(t, err, name)
		assert.Equal(t, len(test.gone), n, name)
		assert.Equal(t, want, d.keys, name)
	}
}

func TestResetToATimeKeepsTheSource(t *testing.T) {
	t.Parallel()
	s := sourceOf(t, "https://acme.example.com")
	d := stored(s, "auth0|1", "auth0|2")
	since := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	_, err := Reset(t.Context(), d, Choice{Logs: []string{"auth0|1"}}, s.StartAt(since))
	require.NoError(t, err)
	logs, err := Show(t.Context(), d, s.Names, s.Fingerprint)
	require.NoError(t, err)
	require.Len(t, logs, 2)
	for _, l := range logs {
		assert.False(t, l.Foreign)
		if l.Name == "auth0|1" {
			assert.Equal(t, &since, l.Begins)
		} else {
			assert.Nil(t, l.Begins)
		}
	}
}

func TestWordThatMeansNoLogOrSeveralIsRefused(t *testing.T) {
	t.Parallel()
	s := sourceOf(t, "https://acme.example.com")
	for name, choice := range map[string]Choice{
		"none":            {},
		"all and one":     {All: true, Logs: []string{"auth0|1"}},
		"nobody":          {Logs: []string{"auth0|1", canary}},
		"too short":       {Logs: []string{checkpoint.HashOf("auth0|1")[:3]}},
		"two of a number": {Logs: []string{"1"}},
	} {
		d := stored(s, "auth0|1", "users/1", "accounts/1")
		before := maps.Clone(d.keys)
		_, err := Reset(t.Context(), d, choice, "")
		require.Error(t, err, name)
		assert.NotContains(t, err.Error(), canary, name)
		assert.Equal(t, before, d.keys, name)
	}
}

func TestCursorOfANewerVersionIsNotReset(t *testing.T) {
	t.Parallel()
	d := newDisk()
	d.keys["/v1/cursor/Khj-jVkkX7JfbpQx"] = `{"v":2}`
	_, err := Reset(t.Context(), d, Choice{All: true}, "")
	assert.ErrorIs(t, err, checkpoint.ErrNewerVersion)
	assert.Len(t, d.keys, 1)
}
