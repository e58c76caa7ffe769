package pages

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// control adds what a driver needs: PUT /bench/log replaces the log by the one in the body, POST /bench/publish?n=… adds
// entries to it, GET /bench/stats tells what was asked for.
func (s *Server) control(mux *http.ServeMux) {
	mux.HandleFunc("PUT /bench/log", func(w http.ResponseWriter, r *http.Request) {
		var l Log
		if err := json.NewDecoder(r.Body).Decode(&l); err != nil || l.Users < 1 || l.Entries < 0 {
			http.Error(w, "no log, or one without users", http.StatusBadRequest)
			return
		}
		s.Serve(l)
	})
	mux.HandleFunc("POST /bench/publish", func(w http.ResponseWriter, r *http.Request) {
		n, err := strconv.Atoi(r.URL.Query().Get("n"))
		if err != nil || n < 0 {
			http.Error(w, "n is no number of entries", http.StatusBadRequest)
			return
		}
		s.Publish(n)
	})
	mux.HandleFunc("GET /bench/stats", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(s.served.Load().counts.stats()) // a driver that is gone asks no more
	})
}
