//go:build e2e

package e2e

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
)

// Whose logs are read.
const storageUser, storageNeighbour, storageOther = "auth0|63d1c0ffee01", "auth0|63d1c0ffee02", "google-oauth2|1234567890"

var storageUsers = []string{storageUser, storageNeighbour, storageOther}

func TestStorageThatIsNotThereEndsTheStartWithTheCure(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		storage string
		args    []string
		want    string
	}{
		"not configured": {"file_storage/other", nil, `extension \"file_storage/other\" is not there: add it under extensions and service::extensions`},
		"configured but not started": {
			"file_storage/other",
			[]string{"--config", "yaml:extensions::file_storage/other::directory: ."},
			`extension \"file_storage/other\" is not there: add it under extensions and service::extensions`,
		},
		"no storage": {
			"health_check",
			[]string{"--config", "yaml:extensions::health_check::endpoint: 127.0.0.1:0", "--config", "yaml:service::extensions: [health_check]"},
			`extension \"health_check\" is no storage extension: use one such as file_storage`,
		},
		"a directory that is not there": {
			"file_storage",
			[]string{"--config", "yaml:extensions::file_storage::create_directory: false"},
			"directory must exist",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, auth0.Options{})
			r.users(storageUser)
			r.receiver["storage"], r.args = test.storage, test.args
			assert.Contains(t, r.startFails(), test.want)
			assert.Empty(t, r.tenant.Requests(), "nothing is read")
		})
	}
}

func TestStorageThatIsNotSetCostsWhatTheWarningSays(t *testing.T) {
	t.Parallel()
	const each = 30
	r := newRig(t, auth0.Options{})
	r.users(storageUser)
	r.publish(storageUser, newEntries(storageUser, each, time.Now().Add(-time.Hour), time.Second)...)
	for starts := 1; starts <= 2; starts++ {
		c := r.startWithoutStorage()
		c.until("everything arrives", waitLimit, func() bool { return len(r.sink.all()) >= starts*each })
		r.cycles(c, 3, storageUser)
		require.Len(t, c.stderr.warnings("storage is not set", "after a restart every log is read again from initial_lookback"), 1)
		c.stopWell()
	}
	r.settle(each)
	require.Equal(t, each, r.sink.repeats(), "the restart costs what the warning says")
}

func TestStorageHasOneCollector(t *testing.T) {
	t.Parallel()
	r := newRig(t, auth0.Options{})
	r.users(storageUser)
	r.publish(storageUser, newEntries(storageUser, 30, time.Now().Add(-time.Hour), time.Second)...)
	first := r.start()
	first.until("the backlog arrives", waitLimit, r.complete)
	assert.Contains(t, r.startFails(), `storage: extension \"file_storage\" gives no client: timeout`)

	require.True(t, first.running())
	r.publish(storageUser, newEntries(storageUser, 5, time.Now(), 0)...)
	first.until("the first one goes on", waitLimit, r.complete)
	first.stopWell()
	second := r.start()
	r.cycles(second, 3, storageUser)
	second.stopWell()
	r.settle(0)
}
