package kobil

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	emulator "github.com/userlog/userlog-otel/internal/emulator/kobil"
	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/record"
	"github.com/userlog/userlog-otel/receiver/internal/source"
	"github.com/userlog/userlog-otel/receiver/internal/sourcetest"
)

const user = "ada.lovelace@example.com"

func testCodes(t testing.TB) *record.Codes {
	t.Helper()
	codes, err := record.NewCodes(Service, "")
	require.NoError(t, err)
	return codes
}

// newProvider makes a reader whose requests go to a transport.
func newProvider(t testing.TB, wire http.RoundTripper, change func(*Settings)) *Provider {
	settings := Settings{
		Client:   sourcetest.Client("acme.example.com", wire),
		Codes:    testCodes(t),
		Path:     SSMS().Path,
		PageSize: 10,
		Overlap:  time.Minute,
	}
	if change != nil {
		change(&settings)
	}
	return New(settings)
}

// idOf is the id of an entry: other users' entries lie between those of one.
func idOf(n int) int64 { return 500_000 + 7*int64(n) }

// jsonEntry is an entry with further members.
func jsonEntry(n int, at time.Time, more string) string {
	return fmt.Sprintf(`{"action":"13","id":%d,"logDate":"%d","userId":%q%s}`, idOf(n), at.Unix(), user, more)
}

// world is an installation with the log of one user, and its reader. Where time is to pass, it lives in a bubble of
// testing/synctest.
type world struct {
	*testing.T
	*emulator.Installation
	*Provider
}

func newWorld(t *testing.T, o emulator.Options, change func(*Settings)) *world {
	w := &world{T: t}
	w.Installation = emulator.New(o)
	w.AddUsers(user)
	w.Provider = newProvider(t, sourcetest.Transport(w.Installation), change)
	return w
}

// add publishes entries first to last, a second apart, the last one at an age.
func (w *world) add(first, last int, age time.Duration) {
	for n := first; n <= last; n++ {
		at := time.Now().Add(-age - time.Duration(last-n)*time.Second)
		require.NoError(w, w.Publish(user, json.RawMessage(jsonEntry(n, at, ""))))
	}
}

// read reads to the end, and returns the uids in the order of delivery.
func (w *world) read(cursor *source.Cursor) (uids []string) {
	w.Helper()
	for batch, err := range w.Read(w.Context(), user, *cursor) {
		require.NoError(w, err)
		for _, e := range batch.Entries {
			uids = append(uids, uidOf(e))
		}
		*cursor = batch.Cursor
	}
	return uids
}

func uidOf(e source.Entry) string {
	own := e.(*entry)
	return own.uid(fieldsOf(own.value))
}

// offsets are those that were asked for since the last call.
func (w *world) offsets() (offsets []string) {
	for _, r := range w.Requests() {
		offsets = append(offsets, r.Query.Get("offset"))
	}
	w.ResetRequests()
	return offsets
}

// uids are those of entries first to last.
func uids(first, last int) (list []string) {
	for n := first; n <= last; n++ {
		list = append(list, fmt.Sprint(idOf(n)))
	}
	return list
}

// clocksAt are clocks that agree.
func clocksAt(now time.Time) claim.Clocks { return claim.Clocks{Server: now, Local: now} }
