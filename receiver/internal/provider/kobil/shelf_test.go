package kobil

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	emulator "github.com/userlog/userlog-otel/internal/emulator/kobil"
	"github.com/userlog/userlog-otel/receiver/internal/source"
	"github.com/userlog/userlog-otel/receiver/internal/sourcetest"
)

// shelf serves a log whose rows may have no number and stand where the test puts them.
type shelf struct {
	*Provider
	rows []shelved // the newest first
	more emulator.More
	// before, if set, is called before the n-th request is answered.
	before func(n int)
	// cut, if set, is how many of n rows the next page gives.
	cut     func(n int) int
	offsets []string
}

// shelved is a row. That it is hidden means that the server leaves it out after it has cut the page.
type shelved struct {
	n      int // its place, ascending
	text   string
	hidden bool
}

func newShelf(t testing.TB, pageSize int, overlap time.Duration) *shelf {
	s := &shelf{}
	s.Provider = newProvider(t, sourcetest.Transport(s), func(set *Settings) { set.PageSize, set.Overlap = pageSize, overlap })
	return s
}

// numberedRow and oddRow are rows with and without a number.
func numberedRow(n int, at time.Time) shelved { return shelved{n: n, text: jsonEntry(n, at, "")} }

func oddRow(n int, at time.Time) shelved {
	return shelved{n: n, text: fmt.Sprintf(`{"id":"odd%d","logDate":"%d"}`, n, at.Unix())}
}

func (r shelved) uid() string {
	if strings.Contains(r.text, `"odd`) {
		return fmt.Sprintf("odd%d", r.n)
	}
	return fmt.Sprint(idOf(r.n))
}

// put puts rows where their places are.
func (s *shelf) put(rows ...shelved) {
	s.rows = append(s.rows, rows...)
	slices.SortStableFunc(s.rows, func(a, b shelved) int { return b.n - a.n })
}

// run puts rows first to last.
func (s *shelf) run(first, last int, row func(int, time.Time) shelved, at time.Time) {
	for n := first; n <= last; n++ {
		s.put(row(n, at))
	}
}

// ServeHTTP implements http.Handler.
func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	s.offsets = append(s.offsets, query.Get("offset"))
	if s.before != nil {
		s.before(len(s.offsets))
	}
	offset, _ := strconv.Atoi(query.Get("offset"))
	limit, _ := strconv.Atoi(query.Get("limit"))
	offset = min(offset, len(s.rows))
	n := min(limit, len(s.rows)-offset)
	if s.cut != nil {
		n = s.cut(n)
	}
	var texts []string
	for _, row := range s.rows[offset : offset+n] {
		if !row.hidden {
			texts = append(texts, row.text)
		}
	}
	flag := ""
	switch s.more {
	case emulator.MoreHonest:
		flag = fmt.Sprintf(`"moreResultsAvailable":%t,`, offset+n < len(s.rows))
	case emulator.MoreAlwaysTrue:
		flag = `"moreResultsAvailable":true,`
	case emulator.MoreAbsent:
	}
	_, _ = fmt.Fprintf(w, `{%s"data":[%s]}`, flag, strings.Join(texts, ","))
}

// read reads until it ends, or until so many batches were accepted, and returns the uids in the order of delivery.
func (s *shelf) read(t testing.TB, cursor *source.Cursor, batches int) (uids []string, err error) {
	for batch, err := range s.Read(t.Context(), user, *cursor) {
		if err != nil {
			return uids, err
		}
		for _, e := range batch.Entries {
			uids = append(uids, uidOf(e))
		}
		*cursor = batch.Cursor
		if batches--; batches == 0 {
			break
		}
	}
	return uids, nil
}
