package userlogreceiver

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/component/componenttest"

	emulator "github.com/userlog/userlog-otel/internal/emulator/auth0"
)

func TestInitialDelayIsBeforeTheFirstRequest(t *testing.T) {
	recorder, address := recorded(t, emulator.New(emulator.Options{}))
	began := time.Now()
	r := start(t, configured(t, address, keys{"initial_delay": "300ms"}), componenttest.NewNopHost())
	r.eventually(func() bool { return len(recorder.of("")) > 0 }, "it begins")
	assert.GreaterOrEqual(t, recorder.of("")[0].at.Sub(began), 300*time.Millisecond)
}

func TestRequestsPerSecondKeepsRequestsApart(t *testing.T) {
	recorder, address := recorded(t, emulator.New(emulator.Options{}))
	r := start(t, configured(t, address, keys{
		"collection_interval": "1ms",
		"rate_limit":          keys{"requests_per_second": 20},
	}), componenttest.NewNopHost())
	const n = 6
	r.eventually(func() bool { return len(recorder.of("")) >= n }, "requests come")
	requests := recorder.of("")
	const onTheWay = 30 * time.Millisecond // what the first may have taken longer than the last
	assert.GreaterOrEqual(t, requests[n-1].at.Sub(requests[0].at), (n-1)*50*time.Millisecond-onTheWay)
}

func TestReserveIsLeftToTheTenantsOtherClients(t *testing.T) {
	for reserve, left := range map[float64]int{0: 0, 0.5: 2} {
		t.Run(fmt.Sprint(reserve), func(t *testing.T) {
			recorder, address := recorded(t, emulator.New(emulator.Options{RateLimit: emulator.RateLimit{Limit: 4}}))
			r := start(t, configured(t, address, keys{
				"collection_interval": "1ms",
				"rate_limit":          keys{"reserve": reserve},
			}), componenttest.NewNopHost())
			least := func() int {
				least := 4
				for _, request := range recorder.of("") {
					n, err := strconv.Atoi(request.remaining)
					assert.NoError(t, err)
					least = min(least, n)
				}
				return least
			}
			r.eventually(func() bool { return least() <= left }, "what is ours is used")
			before := len(recorder.of(""))
			r.eventually(func() bool { return len(recorder.of("")) > before }, "it goes on in another window")
			assert.Equal(t, left, least())
			assert.Greater(t, sum(t, r.telemetry, "throttled.time"), 0.1, "the wait is told")
		})
	}
}

func TestThrottlingIsToldOnce(t *testing.T) {
	tenant, address := serve(t, emulator.Options{})
	asked := 0
	tenant.Intercept(func(w http.ResponseWriter, _ *http.Request) bool {
		if asked++; asked > 2 {
			return false
		}
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusTooManyRequests)
		return true
	})
	r := start(t, configured(t, address, nil), componenttest.NewNopHost())
	r.more(5, tenant)
	assert.Equal(t, 1, r.logs.FilterMessageSnippet("the API asks to wait").Len())
	assert.Greater(t, sum(t, r.telemetry, "throttled.time"), 1.9)
	statuses, _ := r.host.statuses()
	assert.Equal(t, []componentstatus.Status{componentstatus.StatusRecoverableError}, statuses)
}
