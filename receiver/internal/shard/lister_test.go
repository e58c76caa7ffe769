package shard

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// listing is a lister whose answer a test sets.
type listing struct {
	all []source.Subject
	err error
}

func (l *listing) List(context.Context) ([]source.Subject, error) { return l.all, l.err }

// shards are the listers of all shards of one source, and what they said of being idle.
func shards(all source.Lister, count int, together func() bool) ([]*Lister, *[]int) {
	idle := new([]int)
	listers := make([]*Lister, count)
	for i := range listers {
		listers[i] = NewLister(Settings{
			All: all, Ring: NewRing("acme", count), Index: i, Together: together,
			Idle: func(logs int) { *idle = append(*idle, logs) },
		})
	}
	return listers, idle
}

func listed(t *testing.T, l *Lister) []source.Subject {
	t.Helper()
	own, err := l.List(t.Context())
	require.NoError(t, err)
	return own
}

func TestEveryLogIsOfOneShard(t *testing.T) {
	t.Parallel()
	all := &listing{all: logs(1000)}
	listers, idle := shards(all, 7, nil)
	var found []source.Subject
	for _, l := range listers {
		found = append(found, listed(t, l)...)
	}
	assert.ElementsMatch(t, all.all, found)
	assert.Empty(t, *idle)
}

func TestLogsThatShareEntriesAreOfOneShard(t *testing.T) {
	t.Parallel()
	all, together := &listing{all: logs(100)}, true
	listers, idle := shards(all, 4, func() bool { return together })
	readers := 0
	for _, l := range listers {
		if own := listed(t, l); len(own) > 0 {
			assert.Equal(t, all.all, own)
			readers++
		}
	}
	assert.Equal(t, 1, readers)
	assert.Equal(t, []int{100, 100, 100}, *idle)

	together = false // as when the one log with a name left the file
	var found []source.Subject
	for _, l := range listers {
		found = append(found, listed(t, l)...)
	}
	assert.ElementsMatch(t, all.all, found)
}

func TestWhoHasNoLogSaysSoOnce(t *testing.T) {
	t.Parallel()
	tenant := &listing{all: []source.Subject{""}}
	listers, idle := shards(tenant, 3, nil)
	readers := 0
	for range 5 {
		for _, l := range listers {
			own := listed(t, l)
			assert.NotNil(t, own, "that nothing is known would be something else")
			readers += len(own)
		}
	}
	assert.Equal(t, 5, readers, "one shard reads it each time")
	assert.Equal(t, []int{1, 1}, *idle)

	tenant.all = nil
	for _, l := range listers {
		assert.Empty(t, listed(t, l))
	}
	assert.Len(t, *idle, 2, "where there is no log nobody is idle")
}

func TestErrorsArePassedOn(t *testing.T) {
	t.Parallel()
	all := &listing{err: errors.New("no such file")}
	listers, _ := shards(all, 2, nil)
	own, err := listers[0].List(t.Context())
	require.ErrorIs(t, err, all.err)
	assert.Nil(t, own, "the engine goes on with the logs that it has")

	all.all = logs(100)
	own, err = listers[0].List(t.Context())
	require.ErrorIs(t, err, all.err, "some had to be left out")
	assert.NotEmpty(t, own)
}

func TestTheSameListIsNotPartedAgain(t *testing.T) {
	t.Parallel()
	all := &listing{all: logs(100)}
	listers, _ := shards(all, 2, nil)
	first := listed(t, listers[0])
	again := listed(t, listers[0])
	assert.Same(t, &first[0], &again[0])
	all.all = logs(100)
	changed := listed(t, listers[0])
	assert.NotSame(t, &first[0], &changed[0])
	assert.Equal(t, first, changed)
}
