package canvas

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	emulator "github.com/userlog/userlog-otel/internal/emulator/canvas"
	"github.com/userlog/userlog-otel/receiver/internal/record"
	"github.com/userlog/userlog-otel/receiver/internal/source"
	"github.com/userlog/userlog-otel/receiver/internal/sourcetest"
)

const origin = "https://canvas.example.edu"

func testCodes(t testing.TB) *record.Codes {
	t.Helper()
	codes, err := DefaultCodes()
	require.NoError(t, err)
	return codes
}

// newProvider makes a reader of some logs, whose requests go to a transport.
func newProvider(t testing.TB, wire http.RoundTripper, logs *Logs, change func(*Settings)) *Provider {
	settings := Settings{
		Client:     sourcetest.Client("canvas.example.edu", wire),
		Codes:      testCodes(t),
		Logs:       logs,
		LoginsPath: "logins",
		PageSize:   10,
		Overlap:    time.Minute,
		MaxHeld:    16 << 20,
		CursorOf:   func(source.Subject) (source.Cursor, bool) { return "", false },
	}
	if change != nil {
		change(&settings)
	}
	return New(settings)
}

// world is an installation and a reader of some of its logs, with the cursors of those. Its clock is set by hand.
type world struct {
	*testing.T
	*emulator.Installation
	*Provider
	now     time.Time
	cursors map[source.Subject]source.Cursor
}

func newWorld(t *testing.T, o emulator.Options, logs *Logs, change func(*Settings)) *world {
	w := &world{T: t, now: time.Now().Truncate(time.Second), cursors: map[source.Subject]source.Cursor{}} // the lookback is by the local clock
	o.Now = func() time.Time { return w.now }
	w.Installation = emulator.New(o)
	w.Provider = newProvider(t, sourcetest.Transport(w.Installation), logs, func(s *Settings) {
		s.CursorOf = func(s source.Subject) (source.Cursor, bool) {
			cursor, ok := w.cursors[s]
			return cursor, ok
		}
		if change != nil {
			change(s)
		}
	})
	return w
}

// begin sets the cursors of logs that are to be read from an age on.
func (w *world) begin(lookback time.Duration, subjects ...source.Subject) {
	for _, s := range subjects {
		w.cursors[s] = w.Start(time.Now().Add(-lookback))
	}
}

// batches reads a log as the engine does.
func (w *world) batches(s source.Subject) (batches []source.Batch) {
	w.Helper()
	for batch, err := range w.Read(w.Context(), s, w.cursors[s]) {
		require.NoError(w, err)
		w.cursors[s] = batch.Cursor
		batches = append(batches, batch)
	}
	return batches
}

// read returns the uids that a log delivers, in their order.
func (w *world) read(s source.Subject) (uids []string) {
	w.Helper()
	for _, batch := range w.batches(s) {
		for _, e := range batch.Entries {
			uids = append(uids, e.(*entry).uid)
		}
	}
	return uids
}
