package auth0

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	emulator "github.com/userlog/userlog-otel/internal/emulator/auth0"
	"github.com/userlog/userlog-otel/receiver/internal/source"
	"github.com/userlog/userlog-otel/receiver/internal/sourcetest"
)

const user = "auth0|65f1c0ffee65f1c0ffee65f1"

// world is a tenant with one user, for what is special to Auth0. What every provider must do is in package sourcetest.
type world struct {
	t        *testing.T
	tenant   *emulator.Tenant
	now      time.Time
	horizon  time.Duration // no entry appears later than this after its date
	rate     float64
	requests int

	alive  map[string]time.Time // published and not removed, by id
	recent []string
	n      int
}

func newWorld(t *testing.T, _ uint64) *world {
	w := &world{
		t:       t,
		now:     time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC),
		horizon: 20 * time.Second,
		alive:   map[string]time.Time{},
	}
	w.tenant = emulator.New(emulator.Options{Now: func() time.Time { return w.now }})
	return w
}

func (w *world) add(id string, date time.Time) {
	entry := fmt.Sprintf(`{"log_id":%q,"type":"s","date":%q}`, id, date.Format("2006-01-02T15:04:05.000Z"))
	require.NoError(w.t, w.tenant.Publish(user, json.RawMessage(entry)))
	w.alive[id] = date
	w.recent = append(w.recent, id)
}

// provider makes a reader of the world, without a network between them.
func (w *world) provider(change func(*Settings)) *Provider {
	return newProvider(w.t, sourcetest.Transport(w.tenant), func(s *Settings) {
		s.PageSize, s.Overlap, s.MaxHeld = 8, w.horizon, 1<<20
		if change != nil {
			change(s)
		}
	})
}

// newProvider makes a reader whose requests go to the given transport.
func newProvider(t *testing.T, wire http.RoundTripper, change func(*Settings)) *Provider {
	codes, err := DefaultCodes()
	require.NoError(t, err)
	settings := Settings{
		Client: sourcetest.Client("tenant.example.com", wire),
		Codes:  codes,
	}
	change(&settings)
	return New(settings)
}

// logID is the log_id of an entry: of fixed width, so that it ascends.
func logID(n int) string { return fmt.Sprintf("900%053d", n) }

// jsonEntry is an entry with further members.
func jsonEntry(n int, date time.Time, more string) string {
	return fmt.Sprintf(`{"log_id":%q,"type":"s","date":%q%s}`, logID(n), date.UTC().Format("2006-01-02T15:04:05.000Z"), more)
}

// start is a cursor that begins at the world's now; the reader's local clock is another one, and it notices.
func (w *world) start(p *Provider, lookback time.Duration) source.Cursor {
	return p.Start(time.Now().Add(-lookback))
}
