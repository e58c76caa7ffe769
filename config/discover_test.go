package config

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDiscoverIsRead(t *testing.T) {
	configs, err := load(t, "../testdata/config/good/discover.yaml")
	require.NoError(t, err)
	for _, name := range []string{"user_log/acme", "user_log/null"} {
		everybody := configs[name].Auth0.Discover
		assert.Empty(t, everybody.Query.Text(), name)
		assert.Empty(t, everybody.Connection.Text(), name)
		assert.Zero(t, everybody.LastLogin, name)
		assert.EqualValues(t, time.Hour, everybody.Interval, name)
	}
	some := configs["user_log/all"].Auth0.Discover
	assert.Equal(t, `email.domain:"example.com" AND (blocked:false OR name:jane\ \(old\))`, some.Query.Text())
	assert.Equal(t, "Username-Password-Authentication", some.Connection.Text())
	assert.EqualValues(t, 30*24*time.Hour, some.LastLogin)
	assert.EqualValues(t, 30*time.Minute, some.Interval)
	numbers := configs["user_log/numbers"].Auth0.Discover
	assert.Equal(t, "20261122", numbers.Connection.Text())
	assert.Equal(t, numbers.Interval, Interval(numbers.LastLogin), "a window as long as the interval has no hole")
}

func TestQueryKeepsItsMeaningAmongOtherTerms(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]bool{
		`a`: true, `(a) OR (b)`: true, `((a))`: true, `name:"a (b"`: true, `name:"a\")"`: true, `name:a\)`: true, `name:a\"b`: true, `"\\"`: true,
		`a) OR (b`: false, `(a`: false, `a)`: false, `"a`: false, `name:"a\"`: false, `"a" (b" c)`: false, `a\`: false, `"\\" (`: false,
	} {
		assert.Equal(t, want, balanced(query), query)
	}
}
