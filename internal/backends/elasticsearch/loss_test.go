package elasticsearch

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAnEntryIsOneDocumentThoughTheCollectorIsKilled(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 400)
	for range 3 {
		_, before, _ := w.fake.seen()
		w.fake.set(func(f *fake) {
			f.whole = func(request int, _ string) int { // so that there is always a backlog to be killed in
				if request > before+2 {
					return http.StatusServiceUnavailable
				}
				return 0
			}
		})
		c := w.start("elasticsearch")
		c.Until("some of the backlog is sent", limit, func() bool {
			_, requests, _ := w.fake.seen()
			return requests > before+2
		})
		c.Kill()
	}
	require.Less(t, len(w.fake.ids()), len(w.want()))
	w.fake.set(func(f *fake) { f.whole = stored })
	c := w.start("elasticsearch")
	w.all(c)
	c.Stop()
}

// Elasticsearch stored a request, and the answer never came.
func TestLostAnswersMakeNoSecondDocument(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 100)
	w.fake.set(func(f *fake) { f.mute = func(request int) bool { return request%2 == 1 } })
	c := w.start("elasticsearch")
	w.all(c)
	c.Until("the repeats have come", limit, func() bool {
		_, _, conflicts := w.fake.seen()
		return conflicts > 0
	})
	c.Stop()
	assert.NotContains(t, c.Stderr(), "failed to index document", "a repeat is no error")
}

func TestNothingIsLostWhileElasticsearchRefuses(t *testing.T) {
	t.Parallel()
	for name, refuse := range map[string]func(*fake, verdict){
		"whole requests":   func(f *fake, v verdict) { f.whole = v },
		"single documents": func(f *fake, v verdict) { f.single = v },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 100)
			statuses := []int{
				http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusTooManyRequests,
				http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
			}
			// Eight requests in a row are refused, more than the exporter would repeat by itself, then one is taken.
			w.fake.set(func(f *fake) {
				refuse(f, func(request int, _ string) int {
					if request%(len(statuses)+1) == len(statuses) {
						return 0
					}
					return statuses[request%(len(statuses)+1)]
				})
			})
			c := w.start("elasticsearch")
			w.all(c)
			c.Stop()
		})
	}
}

// What lasts longer than the exporter's own timeout is repeated by the receiver.
func TestNothingIsLostBeyondTheTimeout(t *testing.T) {
	t.Parallel()
	for name, refuse := range map[string]func(*fake, verdict){
		"whole requests":   func(f *fake, v verdict) { f.whole = v },
		"single documents": func(f *fake, v verdict) { f.single = v },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 50)
			var began time.Time
			w.fake.set(func(f *fake) {
				refuse(f, func(int, string) int {
					if began.IsZero() {
						began = time.Now()
					}
					if time.Since(began) < time.Second {
						return http.StatusTooManyRequests
					}
					return 0
				})
			})
			c := w.start("elasticsearch", "yaml:exporters::elasticsearch::timeout: 300ms")
			w.all(c)
			c.Stop()
		})
	}
}

// A collector that waits for Elasticsearch to take single documents ends when it is told to, and its successor goes on.
func TestACollectorThatIsRefusedEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 100)
	w.fake.set(func(f *fake) { f.single = func(int, string) int { return http.StatusTooManyRequests } })
	c := w.start("elasticsearch")
	c.Until("documents were refused", limit, func() bool {
		_, requests, _ := w.fake.seen()
		return requests > 5
	})
	c.Stop()
	require.Empty(t, w.fake.ids())
	w.fake.set(func(f *fake) { f.single = stored })
	w.all(w.start("elasticsearch"))
}

// What Elasticsearch refuses for good, as a field that does not fit the mapping, costs nothing else and is told.
func TestADocumentThatIsRefusedForGoodIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 20)
	bad := w.want()[7]
	w.fake.set(func(f *fake) {
		f.single = func(_ int, id string) int {
			if id == bad {
				return http.StatusBadRequest
			}
			return 0
		}
	})
	c := w.start("elasticsearch")
	c.Until("all others are documents", limit, func() bool { return len(w.fake.ids()) == len(w.want())-1 })
	c.Stop()
	assert.NotContains(t, w.fake.ids(), bad)
	assert.Contains(t, c.Stderr(), "failed to index document")
}

// Why the example has the settings that it has: with the queue on disk of the other examples, and the exporter's own
// number of tries, a backend that is busy for a moment costs entries.
func TestAQueueOnDiskLosesEntries(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 20)
	w.fake.set(func(f *fake) {
		f.single = func(request int, _ string) int {
			if request <= 3 {
				return http.StatusTooManyRequests
			}
			return 0
		}
	})
	c := w.start("elasticsearch",
		"yaml:extensions::file_storage/queue: {directory: queue, create_directory: true}",
		"yaml:service::extensions: [file_storage, file_storage/queue]",
		"yaml:exporters::elasticsearch::retry::max_retries: 2",
		"yaml:exporters::elasticsearch::sending_queue: {enabled: true, storage: file_storage/queue, num_consumers: 1, batch: {flush_timeout: 10ms}}")
	c.Until("documents were given up", limit, func() bool {
		_, requests, _ := w.fake.seen()
		return requests >= 3
	})
	c.Stop()
	assert.Less(t, len(w.fake.ids()), len(w.want()))
	assert.Contains(t, c.Stderr(), "failed to index document")
}
