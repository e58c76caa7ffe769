package pages

import (
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// maxPage is the most entries that Auth0 gives at once, and maxResults the most of one user's by paging (auth0 docs,
// "Retrieve Logs Using the Management API").
const (
	maxPage    = 100
	maxResults = 1000
)

// Server serves one log. It is safe for concurrent use.
type Server struct {
	workload workload
	buffers  sync.Pool
	served   atomic.Pointer[served]
}

// served is a log and what was asked of it. Another log has counters of its own.
type served struct {
	Log
	entries atomic.Int64
	counts  counts
}

// NewServer makes a server of an empty log.
func NewServer() *Server {
	s := &Server{workload: newWorkload(), buffers: sync.Pool{New: func() any { return new([]byte) }}}
	s.Serve(Log{Users: 1})
	return s
}

// Serve replaces the log.
func (s *Server) Serve(l Log) {
	next := &served{Log: l, counts: newCounts(l.Users)}
	next.entries.Store(int64(l.Entries))
	s.served.Store(next)
}

// Publish adds entries to the log.
func (s *Server) Publish(n int) { s.served.Load().entries.Add(int64(n)) }

// Handler serves the API and what controls it.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v2/logs", s.tenantLog)
	mux.HandleFunc("GET /api/v2/users/{id}/logs", s.userLog)
	s.control(mux)
	return mux
}

// tenantLog answers by checkpoint, if from is sent: the entries whose log_id is greater, in ascending order. Otherwise it
// answers by page.
func (s *Server) tenantLog(w http.ResponseWriter, r *http.Request) {
	l := s.served.Load()
	entries := int(l.entries.Load())
	query := r.URL.Query()
	from := query.Get("from")
	if from == "" {
		s.newestFirst(w, query, l, entries, func(i int) int { return entries - 1 - i })
		return
	}
	take, ok := parameter(query, "take", 1, maxPage)
	if !ok {
		refuse(w)
		return
	}
	first := l.after(from, entries)
	last := min(first+take, entries)
	if last > first {
		from = idOf(&l.Log, last-1)
	}
	w.Header().Set("Link", "<http://"+r.Host+r.URL.Path+"?from="+from+"&take="+strconv.Itoa(take)+`>; rel="next"`)
	s.answer(w, l, last-first, func(i int) int { return first + i })
}

// userLog answers by page.
func (s *Server) userLog(w http.ResponseWriter, r *http.Request) {
	l := s.served.Load()
	user, ok := l.userOf(r.PathValue("id"))
	if !ok {
		s.answer(w, l, 0, nil)
		return
	}
	l.counts.read(user)
	count := l.countOf(user, int(l.entries.Load()))
	s.newestFirst(w, r.URL.Query(), l, count, func(i int) int { return user + (count-1-i)*l.Users })
}

// newestFirst answers with a page of a list of entries.
func (s *Server) newestFirst(w http.ResponseWriter, query url.Values, l *served, count int, number func(i int) int) {
	perPage, ok := parameter(query, "per_page", 1, maxPage)
	page, ok2 := parameter(query, "page", 0, maxResults)
	if sort := query.Get("sort"); !ok || !ok2 || (page+1)*perPage > maxResults || sort != "" && sort != "date:-1" || query.Has("q") {
		refuse(w)
		return
	}
	first := page * perPage
	s.answer(w, l, max(0, min(perPage, count-first)), func(i int) int { return number(first + i) })
}

// parameter is a number in a query, which must be there.
func parameter(query url.Values, name string, least, most int) (n int, ok bool) {
	n, err := strconv.Atoi(query.Get(name))
	return n, err == nil && n >= least && n <= most
}

func refuse(w http.ResponseWriter) {
	http.Error(w, "served are pages after from, and pages of the newest 1,000 entries", http.StatusBadRequest)
}

// answer sends a page of n entries, by their numbers.
func (s *Server) answer(w http.ResponseWriter, l *served, n int, number func(i int) int) {
	began := time.Now()
	buffer := s.buffers.Get().(*[]byte) // New makes nothing else
	defer s.buffers.Put(buffer)
	body := append((*buffer)[:0], '[')
	for i := range n {
		if i > 0 {
			body = append(body, ',')
		}
		body = s.workload.appendEntry(body, &l.Log, number(i))
	}
	body = append(body, ']')
	*buffer = body
	header := w.Header()
	header.Set("Content-Type", "application/json; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	// The limit as Auth0 tells it, and so high that nobody waits for it.
	header.Set("X-Ratelimit-Limit", "1000000")
	header.Set("X-Ratelimit-Remaining", "999999")
	header.Set("X-Ratelimit-Reset", strconv.FormatInt(began.Unix()+1, 10))
	time.Sleep(l.Latency)
	_, _ = w.Write(body) // a reader that is gone is none of the server's
	l.counts.answered(began, n, len(body))
}

// idOf is the log_id of an entry.
func idOf(l *Log, number int) string {
	var id [idSize]byte
	s := stampOf(l.dateOf(number))
	s.writeID(id[:], number)
	return string(id[:])
}
