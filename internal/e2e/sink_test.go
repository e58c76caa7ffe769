//go:build e2e

package e2e

import (
	"cmp"
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
)

// arrival is one log record as it arrived.
type arrival struct {
	uid      string
	record   plog.LogRecord
	resource pcommon.Resource
	scope    pcommon.InstrumentationScope
}

func (a arrival) body() string { return a.record.Body().Str() }

// sink is an OTLP/HTTP backend for logs that counts. It is safe for concurrent use.
type sink struct {
	*place

	mu       sync.Mutex
	arrivals []arrival
	gaps     []arrival      // records of gaps
	counts   map[string]int // by log.record.uid
	judge    func(uids []string) int
	before   time.Duration
	after    time.Duration
	refused  [][]string // uids of the requests that were refused
	active   int
	broken   []string // requests that are no OTLP
}

func newSink(t *testing.T) *sink {
	t.Helper()
	s := &sink{counts: map[string]int{}}
	s.place = newPlace(t, http.HandlerFunc(s.serve))
	t.Cleanup(func() {
		for _, problem := range s.broken {
			t.Errorf("the sink received what is no OTLP request for logs: %s", problem)
		}
	})
	return s
}

// What a judge may say beside a status: that the connection breaks, before or after the records count as arrived.
const (
	abort        = -1
	takeAndAbort = -2
)

// refuse sets who decides, by the ids of a request's records, on its status; 0 or 200 accepts. nil accepts everything.
func (s *sink) refuse(judge func(uids []string) int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.judge = judge
}

// slow makes every answer wait, for the given times on average: before the records count as arrived, so that a
// collector that dies meanwhile has not delivered them, and after, so that it has delivered them without knowing.
func (s *sink) slow(before, after time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before, s.after = before, after
}

func (s *sink) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the collector was killed while it sent
	}
	request := plogotlp.NewExportRequest()
	if err := request.UnmarshalProto(body); err != nil || r.URL.Path != "/v1/logs" {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.broken = append(s.broken, r.Method+" "+r.URL.Path)
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	before, after := s.begin()
	defer s.end()
	if !wait(r.Context(), before) {
		return
	}
	status := s.take(arrivalsOf(request.Logs()))
	if !wait(r.Context(), after) {
		return
	}
	if status < 0 {
		panic(http.ErrAbortHandler)
	}
	answer, _ := plogotlp.NewExportResponse().MarshalProto() // of an empty message: cannot fail
	w.Header().Set("Content-Type", "application/x-protobuf")
	w.WriteHeader(status)
	if status == http.StatusOK {
		_, _ = w.Write(answer)
	}
}

// begin notes a request and returns how long it has to wait before and after it is taken.
func (s *sink) begin() (before, after time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.active++
	return about(s.before), about(s.after)
}

func (s *sink) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.active--
}

// about is between half and one and a half of a time, so that several deliveries do not keep step.
func about(d time.Duration) time.Duration {
	if d == 0 {
		return 0
	}
	return d/2 + rand.N(d)
}

// wait returns after d, with true, or when ctx is done.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// take judges a request, keeps what it accepts, and returns the status.
func (s *sink) take(batch []arrival) int {
	isGap := func(a arrival) bool { return a.record.EventName() == "user_log.gap" }
	gaps := slices.DeleteFunc(slices.Clone(batch), func(a arrival) bool { return !isGap(a) })
	batch = slices.DeleteFunc(batch, isGap)
	uids := make([]string, len(batch))
	for i, a := range batch {
		uids[i] = a.uid
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	status := http.StatusOK
	if s.judge != nil {
		if status = cmp.Or(s.judge(uids), http.StatusOK); status != http.StatusOK && status != takeAndAbort {
			s.refused = append(s.refused, uids)
			return status
		}
	}
	s.arrivals, s.gaps = append(s.arrivals, batch...), append(s.gaps, gaps...)
	for _, uid := range uids {
		s.counts[uid]++
	}
	return status
}

func arrivalsOf(logs plog.Logs) []arrival {
	var batch []arrival
	for _, resource := range logs.ResourceLogs().All() {
		for _, scope := range resource.ScopeLogs().All() {
			for _, record := range scope.LogRecords().All() {
				uid, _ := record.Attributes().Get("log.record.uid")
				batch = append(batch, arrival{uid.AsString(), record, resource.Resource(), scope.Scope()})
			}
		}
	}
	return batch
}

// all are the records in the order of their arrival, repeats included.
func (s *sink) all() []arrival {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]arrival(nil), s.arrivals...)
}

// told are the records of gaps that arrived.
func (s *sink) told() []arrival {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]arrival(nil), s.gaps...)
}

// distinct is how many different ids have arrived.
func (s *sink) distinct() int { s.mu.Lock(); defer s.mu.Unlock(); return len(s.counts) }

// repeats is how many records have arrived beyond the first of their id.
func (s *sink) repeats() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.arrivals) - len(s.counts)
}

// has tells whether a record with this id has arrived.
func (s *sink) has(uid string) bool { s.mu.Lock(); defer s.mu.Unlock(); return s.counts[uid] > 0 }

// idle tells whether no request is being answered.
func (s *sink) idle() bool { s.mu.Lock(); defer s.mu.Unlock(); return s.active == 0 }

// refusals are the ids of each request that was refused.
func (s *sink) refusals() [][]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([][]string(nil), s.refused...)
}
