package auth0

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// expiring is a log of five entries, of which the first two are then no longer kept.
func expiring(t *testing.T) rig {
	r := start(t, Options{})
	r.publish(ada, event("1", 10), event("3", 20), event("5", 40), `{"log_id":"6"}`)
	r.publish("", event("7", 30))
	assert.Equal(t, 2, r.RemoveBefore(day.Add(30*time.Second)))
	return r
}

func TestExpiredEntriesVanishFromAllLists(t *testing.T) {
	t.Parallel()
	r := expiring(t)
	assert.Equal(t, []string{"7", "6", "5"}, r.get("/api/v2/logs").ids(t), "what has no date stays")
	assert.Equal(t, []string{"6", "7", "5"}, r.get("/api/v2/logs?sort=date:1").ids(t))
	assert.Equal(t, []string{"6", "5"}, r.get(adaLogs).ids(t))
	assert.Equal(t, http.StatusNotFound, r.get("/api/v2/logs/3").status)
	assert.Equal(t, http.StatusOK, r.get("/api/v2/logs/5").status)
	assert.Zero(t, r.RemoveBefore(day.Add(30*time.Second)))
	assert.Len(t, r.Entries(ada), 2)
}

func TestExpiredCheckpointGoesOnFromTheOldestThatIsLeft(t *testing.T) {
	t.Parallel()
	r := expiring(t)
	for _, from := range []string{"0", "1", "2", "3", "4"} {
		assert.Equal(t, []string{"5", "6", "7"}, r.get("/api/v2/logs?from="+from).ids(t), from)
	}
}

func TestExpiredAndForeignCheckpointsAreRefusedOnDemand(t *testing.T) {
	t.Parallel()
	const known, expired, foreign = "5", "3", "4"
	for _, status := range []int{http.StatusBadRequest, http.StatusNotFound} {
		r := expiring(t)
		statusOf := func(from string) int {
			got := r.get("/api/v2/logs?from=" + from)
			if got.status != http.StatusOK {
				assert.Equal(t, status, got.message(t).StatusCode)
			}
			return got.status
		}
		r.SetExpiredFrom(status)
		assert.Equal(t, []int{http.StatusOK, status, status, http.StatusOK}, []int{statusOf(known), statusOf(expired), statusOf("2"), statusOf(foreign)})
		r.SetExpiredFrom(0)
		r.SetForeignFrom(status)
		assert.Equal(t, []int{http.StatusOK, http.StatusOK, http.StatusOK, status}, []int{statusOf(known), statusOf(expired), statusOf("2"), statusOf(foreign)})
		r.SetForeignFrom(0)
		assert.Equal(t, http.StatusOK, statusOf(foreign))
	}
}

func TestEntryThatArrivesBelowTheCheckpointIsNotServedAfterIt(t *testing.T) {
	t.Parallel()
	r := start(t, Options{})
	r.publish(ada, event("10", 1), event("30", 3))
	assert.Equal(t, []string{"10", "30"}, r.get("/api/v2/logs?from=0").ids(t))
	r.publish(ada, event("20", 9))
	assert.Empty(t, r.get("/api/v2/logs?from=30").ids(t), "its date does not help")
	assert.Equal(t, []string{"20", "30"}, r.get("/api/v2/logs?from=10").ids(t))
	assert.Equal(t, []string{"10", "20", "30"}, r.get("/api/v2/logs?from=0").ids(t))
	assert.Equal(t, []string{"20", "30", "10"}, r.get(adaLogs+"?sort=date:-1").ids(t))
}
