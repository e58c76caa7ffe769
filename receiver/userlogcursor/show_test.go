package userlogcursor

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/checkpoint"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

func TestCursorsOfEverySystemAreShown(t *testing.T) {
	t.Parallel()
	for _, system := range systems(t) {
		t.Run(system, func(t *testing.T) {
			t.Parallel()
			d, at := written(t, system)
			logs, err := Show(t.Context(), d, nil, "")
			require.NoError(t, err)
			require.Len(t, logs, len(d.keys)-1, "all but the sentinel")
			unread, marks := 0, 0
			for _, l := range logs {
				assert.Empty(t, l.Problem)
				assert.Empty(t, l.Name)
				assert.Len(t, l.ID, 16)
				assert.Equal(t, 1, l.Version)
				assert.Equal(t, len("/v1/cursor/")+len(l.ID)+len(d.keys["/v1/cursor/"+l.ID]), l.Size)
				assert.NotEqual(t, l.Begins == nil, l.Newest == nil, "either nothing was read, or something was")
				marks += l.Marks
				if l.Begins != nil {
					unread++
					assert.WithinDuration(t, at, *l.Begins, 24*time.Hour+time.Second)
					continue
				}
				assert.WithinDuration(t, at, *l.Newest, 24*time.Hour+time.Second)
			}
			assert.Equal(t, 1, unread)
			assert.Positive(t, marks)
		})
	}
}

func TestCursorOfATenantIsShown(t *testing.T) {
	t.Parallel()
	d := newDisk()
	cursor := source.Cursor(`{"i":"90020261124100000123000000000000001223372036854775817890","t":1795600000000,"r":""}`)
	d.keys["/v1/cursor/"+checkpoint.HashOf("")] = string(checkpoint.Stored{Fingerprint: "f"}.Replaced(cursor))
	logs, err := Show(t.Context(), d, nil, "")
	require.NoError(t, err)
	require.Len(t, logs, 1)
	assert.Empty(t, logs[0].Problem)
	assert.Equal(t, "2026-11-25T09:46:40Z", logs[0].Newest.Format(time.RFC3339))
}

func TestNamesAndForeignCursorsAreToldWhereTheConfigurationKnowsThem(t *testing.T) {
	t.Parallel()
	s := sourceOf(t, "https://acme.example.com")
	d := newDisk()
	start := s.StartAt(time.Unix(1795600000, 0))
	d.keys["/v1/cursor/"+checkpoint.HashOf("auth0|1")] = string(checkpoint.Stored{Fingerprint: s.Fingerprint}.Replaced(start))
	d.keys["/v1/cursor/"+checkpoint.HashOf("auth0|7")] = string(checkpoint.Stored{Fingerprint: "another"}.Replaced(start))
	logs, err := Show(t.Context(), d, s.Names, s.Fingerprint)
	require.NoError(t, err)
	byName := map[string]Log{}
	for _, l := range logs {
		byName[l.Name] = l
	}
	require.Len(t, byName, 2)
	assert.False(t, byName["auth0|1"].Foreign)
	assert.True(t, byName[""].Foreign)
	assert.Equal(t, "2026-11-25T09:46:40Z", byName["auth0|1"].Begins.Format(time.RFC3339))
}

func TestCursorThatCannotBeReadIsShownWithTheReason(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		`{`:                                    "the stored cursor cannot be read",
		`{"v":1,"f":"x","c":"` + canary + `"}`: "the stored cursor cannot be read",
		`{"v":9,"f":7}`:                        "the stored cursor was written by a newer version of the receiver: use that version, or another storage directory (it is of version 9)",
	} {
		d := newDisk()
		d.keys["/v1/cursor/Khj-jVkkX7JfbpQx"] = value
		logs, err := Show(t.Context(), d, nil, "")
		require.NoError(t, err, value)
		require.Len(t, logs, 1, value)
		assert.Equal(t, want, logs[0].Problem, value)
	}
}

func TestStorageOfSomethingElseIsRefused(t *testing.T) {
	t.Parallel()
	d := newDisk()
	d.keys["file_input.knownFiles"] = canary
	for name, err := range attempts(t, d) {
		assert.EqualError(t, err, "the storage cannot be read: the storage holds something else than cursors of the receiver: "+
			"is this its file, or was it written by a newer version?", name)
	}
	assert.Equal(t, map[string]string{"file_input.knownFiles": canary}, d.keys)
}

// attempts are the errors of all that can be done with a storage.
func attempts(t *testing.T, d *disk) map[string]error {
	_, show := Show(t.Context(), d, nil, "")
	_, export := Export(t.Context(), d, "", &discard{})
	_, reset := Reset(t.Context(), d, Choice{All: true}, "")
	full, _ := written(t, "auth0")
	_, imported := Import(t.Context(), d, "", stringReader(exported(t, full)), false)
	return map[string]error{"show": show, "export": export, "reset": reset, "import": imported}
}
