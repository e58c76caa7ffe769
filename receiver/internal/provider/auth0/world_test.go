package auth0

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	emulator "github.com/userlog/userlog-otel/internal/emulator/auth0"
	"github.com/userlog/userlog-otel/receiver/internal/rest"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

const user = "auth0|65f1c0ffee65f1c0ffee65f1"

// world is a tenant whose log changes between any two requests: entries happen, some appear late, some vanish.
type world struct {
	t        *testing.T
	random   *rand.Rand
	tenant   *emulator.Tenant
	now      time.Time
	horizon  time.Duration // no entry appears later than this after its date
	rate     float64       // of new entries, a second
	burst    float64       // probability of 5 to 40 entries at once, a second
	vanish   float64       // probability that one of the newest entries vanishes, between two requests
	requests int

	pending []pending
	alive   map[string]time.Time // published and not removed, by id
	recent  []string
	n       int
}

type pending struct {
	visible time.Time
	id      string
	date    time.Time
}

func newWorld(t *testing.T, seed uint64) *world {
	w := &world{
		t:       t,
		random:  rand.New(rand.NewPCG(seed, 0)),
		now:     time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC),
		horizon: 20 * time.Second,
		rate:    0.25,
		alive:   map[string]time.Time{},
	}
	w.tenant = emulator.New(emulator.Options{Now: func() time.Time { return w.now }})
	w.tenant.Intercept(func(http.ResponseWriter, *http.Request) bool {
		w.requests++
		w.pass(w.random.IntN(3))
		return false
	})
	return w
}

// pass lets seconds go by.
func (w *world) pass(seconds int) {
	for range seconds {
		w.now = w.now.Add(time.Second)
		for w.random.Float64() < w.rate {
			w.happen()
		}
		if w.random.Float64() < w.burst {
			for range 5 + w.random.IntN(36) {
				w.happen()
			}
		}
		w.publish()
		if w.random.Float64() < w.vanish && len(w.recent) > 0 {
			i := max(0, len(w.recent)-30) + w.random.IntN(min(30, len(w.recent)))
			id := w.recent[i]
			w.recent = append(w.recent[:i], w.recent[i+1:]...)
			require.True(w.t, w.tenant.Remove(user, id))
			delete(w.alive, id)
		}
	}
}

// happen makes an entry; entries share their dates often, and a third of them appears late.
func (w *world) happen() {
	w.n++
	late := []int{0, 0, 0, 0, 1, 3, w.random.IntN(int(w.horizon/time.Second) - 1)}[w.random.IntN(7)]
	w.pending = append(w.pending, pending{
		visible: w.now.Add(time.Duration(late) * time.Second),
		id:      fmt.Sprintf("900%053d", w.n),
		date:    w.now.Truncate(2 * time.Second),
	})
}

func (w *world) publish() {
	var waiting []pending
	for _, p := range w.pending {
		if p.visible.After(w.now) {
			waiting = append(waiting, p)
			continue
		}
		w.add(p.id, p.date)
	}
	w.pending = waiting
}

func (w *world) add(id string, date time.Time) {
	entry := fmt.Sprintf(`{"log_id":%q,"type":"s","date":%q}`, id, date.Format("2006-01-02T15:04:05.000Z"))
	require.NoError(w.t, w.tenant.Publish(user, json.RawMessage(entry)))
	w.alive[id] = date
	w.recent = append(w.recent, id)
}

// settle lets everything that happened appear, and nothing more happen.
func (w *world) settle() {
	w.rate, w.burst, w.vanish = 0, 0, 0
	w.pass(int(w.horizon/time.Second) + 2)
}

// provider makes a reader of the world, without a network between them.
func (w *world) provider(change func(*Settings)) *Provider {
	codes, err := DefaultCodes()
	require.NoError(w.t, err)
	origin := &url.URL{Scheme: "https", Host: "tenant.example.com"}
	settings := Settings{
		Client: rest.New(rest.Settings{
			HTTP:            &http.Client{Transport: handled{w.tenant}},
			Origin:          origin,
			MaxResponseSize: 1 << 20,
			Observer:        nobody{},
		}),
		Codes:    codes,
		PageSize: 8,
		Overlap:  w.horizon,
		MaxHeld:  1 << 20,
	}
	if change != nil {
		change(&settings)
	}
	return New(settings)
}

// handled is a transport that ends in a handler of the same process.
type handled struct{ handler http.Handler }

func (h handled) RoundTrip(req *http.Request) (*http.Response, error) {
	req.Header.Set("Authorization", "Bearer x")
	recorder := httptest.NewRecorder()
	h.handler.ServeHTTP(recorder, req)
	return recorder.Result(), nil
}

// start is a cursor that begins at the world's now; the reader's local clock is another one, and it notices.
func (w *world) start(p *Provider, lookback time.Duration) source.Cursor {
	return p.Start(time.Now().Add(-lookback))
}
