// Package sink is an OTLP/HTTP backend that counts: which entries of the page server arrived as records, and how often.
package sink

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/userlog/userlog-otel/internal/bench/pages"
)

// Server is safe for concurrent use.
type Server struct {
	buffers sync.Pool

	latency atomic.Int64 // nanoseconds

	mu     sync.Mutex
	ledger *ledger
}

// NewServer makes a sink that expects nothing.
func NewServer() *Server {
	return &Server{ledger: newLedger(0, 0), buffers: sync.Pool{New: func() any { return new(bytes.Buffer) }}}
}

// Handler takes requests for logs. PUT /bench/ledger?first=…&entries=… begins to count from nothing, for so many entries
// numbered from first; GET /bench/stats tells what came; PUT /bench/latency?each=… makes every answer take so long.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/logs", s.export)
	mux.HandleFunc("PUT /bench/ledger", func(w http.ResponseWriter, r *http.Request) {
		first, err := strconv.Atoi(r.URL.Query().Get("first"))
		n, err2 := strconv.Atoi(r.URL.Query().Get("entries"))
		if err != nil || err2 != nil || first < 0 || n < 0 {
			http.Error(w, "first and entries are no numbers of entries", http.StatusBadRequest)
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.ledger = newLedger(first, n)
	})
	mux.HandleFunc("PUT /bench/latency", func(w http.ResponseWriter, r *http.Request) {
		each, err := time.ParseDuration(r.URL.Query().Get("each"))
		if err != nil {
			http.Error(w, "each is no duration", http.StatusBadRequest)
			return
		}
		s.latency.Store(int64(each))
	})
	mux.HandleFunc("GET /bench/stats", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(s.Stats()) // a driver that is gone asks no more
	})
	return mux
}

// Stats say what has arrived.
func (s *Server) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ledger.stats
}

func (s *Server) export(w http.ResponseWriter, r *http.Request) {
	body := s.buffers.Get().(*bytes.Buffer) // New makes nothing else
	defer s.buffers.Put(body)
	body.Reset()
	if _, err := body.ReadFrom(r.Body); err != nil {
		return // the collector ended while it sent
	}
	if err := s.take(body.Bytes()); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	time.Sleep(time.Duration(s.latency.Load()))
	w.Header().Set("Content-Type", "application/x-protobuf")
	w.WriteHeader(http.StatusOK) // an empty body is an empty ExportLogsServiceResponse
}

func (s *Server) take(request []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := uids(request, func(uid []byte) { s.ledger.enter(pages.NumberOf(string(uid))) })
	s.ledger.stats.Requests++
	s.ledger.stats.Bytes += int64(len(request))
	s.ledger.stats.Last = time.Now()
	return err
}
