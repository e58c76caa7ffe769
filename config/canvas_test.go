package config

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDefaultsOfCanvas(t *testing.T) {
	configs, err := load(t, "../testdata/config/good/canvas_least.yaml")
	require.NoError(t, err)
	for id, c := range configs {
		assert.EqualValues(t, 1, c.Concurrency, id)
		assert.EqualValues(t, 100, c.Canvas.PageSize, id)
		assert.Equal(t, LoginsPathLogins, c.Canvas.LoginsPath, id)
		assert.Equal(t, 30*time.Second, c.Canvas.HTTP.Timeout, "a request does not last for ever")
	}
	assert.Equal(t, CanvasIDs{"42"}, configs["user_log/users"].Canvas.Users)
	assert.Equal(t, CanvasIDs{"self"}, configs["user_log/accounts"].Canvas.Accounts)
	assert.Equal(t, CanvasIDs{"9478"}, configs["user_log/logins"].Canvas.Logins)
	assert.Equal(t, "users.txt", configs["user_log/file"].Canvas.UsersFile)
}

func TestEveryKeyOfCanvasIsRead(t *testing.T) {
	configs, err := load(t, "../testdata/config/good/canvas_all_keys.yaml")
	require.NoError(t, err)
	assert.EqualValues(t, 2, configs["user_log/campus"].Concurrency)
	c := configs["user_log/campus"].Canvas
	assert.EqualValues(t, "https://campus.example.com:8443/", c.Endpoint)
	assert.EqualValues(t, secret, *c.Token)
	assert.Equal(t, CanvasIDs{"42", "210700000000000362", "0042", "self", "sis_user_id:a,b", "hex:sis_user_id:6162", "sis_login_id:jane@example.com", "2107~362"}, c.Users)
	assert.Equal(t, CanvasIDs{"1", "site_admin", "default", "sis_account_id:campus"}, c.Accounts)
	assert.Equal(t, CanvasIDs{"9478", "9223372036854775807"}, c.Logins)
	assert.Equal(t, "/etc/userlog/users", c.UsersFile)
	assert.EqualValues(t, 50, c.PageSize)
	assert.Equal(t, LoginsPathPseudonyms, c.LoginsPath)
	assert.Equal(t, 10*time.Second, c.HTTP.Timeout)
	assert.EqualValues(t, "http://proxy.example:3128", c.ProxyURL)
	assert.Equal(t, "1.3", c.HTTP.TLS.MinVersion)
}

// An id keeps all its digits on every way that it can take, and a lone one needs no brackets.
func TestIDsOfCanvasAreTakenAsWritten(t *testing.T) {
	configs, err := load(t, "../testdata/config/good/canvas_ids.yaml")
	require.NoError(t, err)
	ids := func(name string) [3]CanvasIDs {
		c := configs["user_log/"+name].Canvas
		return [3]CanvasIDs{c.Users, c.Accounts, c.Logins}
	}
	assert.Equal(t, [3]CanvasIDs{{"210700000000000362", "self", "sis_user_id:abc"}, nil, nil}, ids("list"))
	assert.Equal(t, [3]CanvasIDs{{"210700000000000362"}, nil, nil}, ids("number"))
	assert.Equal(t, [3]CanvasIDs{{"210700000000000362", "7"}, {"1"}, {"0042"}}, ids("numbers"))
	assert.Equal(t, [3]CanvasIDs{{"self"}, nil, nil}, ids("word"))
	assert.Equal(t, [3]CanvasIDs{{"210700000000000362", "self"}, nil, nil}, ids("yaml"))
}

func TestNumbersBecomeIDsWithoutLoss(t *testing.T) {
	for want, value := range map[CanvasID]any{
		"0": 0, "210700000000000362": 210700000000000362, "9007199254740993": int64(9007199254740993), "-1": int32(-1),
		"9223372036854775807": math.MaxInt64, "18446744073709551615": uint64(math.MaxUint64), "abc": "abc", "self": CanvasID("self"),
	} {
		var id CanvasID
		require.NoError(t, id.UnmarshalMapstructure(value), string(want))
		assert.Equal(t, want, id)
	}
	for _, value := range []any{1.5, 1e3, float64(1 << 60), true, []any{1}, map[string]any{"sis_user_id": "abc"}, time.Time{}} {
		id := CanvasID("as it was")
		require.Error(t, id.UnmarshalMapstructure(value), "%v", value)
		assert.Equal(t, CanvasID("as it was"), id)
	}
}

func TestCanvasID(t *testing.T) {
	for _, good := range []CanvasID{
		"1", "0042", "210700000000000362", "9223372036854775807", "2107~362", "self", "default", "site_admin",
		"sis_user_id:abc", "sis_user_id:a b:c/d", "sis_login_id:jane@example.com", "hex:sis_user_id:6162", "lti_user_id:x", "uuid:x",
	} {
		require.NoError(t, good.Validate(), string(good))
	}
	for _, bad := range []CanvasID{
		"", " ", ".", "..", "-1", "+1", "1.5", "1e3", "0x10", "1_000", "9223372036854775808", "2107~", "~362", "1~2~3", "~", "jane", "Self", "jane@example.com",
		":", ":abc", "sis_user_id:", " 1", "1 ", "1\n", "sis_user_id:a\x00", "sis_user_id:\xff",
	} {
		require.Error(t, bad.Validate(), string(bad))
	}
}
