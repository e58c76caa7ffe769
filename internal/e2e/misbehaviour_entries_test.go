//go:build e2e

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/canvas"
)

// key names a record by its system and body.
type key struct{ service, body string }

// TestMisbehaviourInEntriesCostsNoneOfThem has entries of all shapes in a log of each system, some of which only a server
// can put there that does not look at what it serves: each arrives once, as it was sent, and its neighbours do too. An
// entry of a far future does not hide what comes later.
func TestMisbehaviourInEntriesCostsNoneOfThem(t *testing.T) {
	t.Parallel()
	const overlap = time.Second
	w := newWorld(t, newAuth0(), newKOBIL(), newCanvas()) // in a tenant's log an entry's id is its place
	w.keys["overlap"] = overlap.String()                  // so that all is behind it soon
	w.backlog(20)
	wanted := map[key]string{}
	at := time.Now()
	for _, s := range w.systems {
		s.block["page_size"] = 100 // see inserts
		var refused []string
		for _, e := range strangers {
			if s.name == "kobil" && e.uid == aboveAll {
				continue
			}
			raw := dialects()[s.name].entry(e.template, at)
			// A record is UTF-8: U+FFFD stands for each byte that is not.
			wanted[key{s.name, string([]rune(raw))}] = e.uid
			if !w.shelve(s, raw, at) {
				refused = append(refused, raw)
			}
		}
		s.spoil(s.lastPart(), inserts(dialects()[s.name].list, refused))
	}
	c := w.start()
	c.until("all arrive", settleLimit, func() bool { return len(missingOf(wanted, w.sink)) == 0 && w.complete() })
	for _, s := range w.systems {
		require.Positive(t, s.spoiled(), "requests to %s", s.name)
	}
	c.until("they are older than the overlap", waitLimit, func() bool { return time.Since(at) > 2*overlap })
	w.cycles(c, 3)
	for n := range 3 {
		after := w.grow(fmt.Sprint("after ", n), func(*system, string) bool { return false })
		c.until("what comes later arrives", paceLimit, func() bool { return w.arrived(after) })
	}
	w.cycles(c, 3)
	c.stopWell()
	c = w.start()
	w.cycles(c, 3)
	c.stopWell()

	neighbours := &sink{}
	for _, a := range w.sink.all() {
		service, _ := a.resource.Attributes().Get("service.name")
		k := key{service.Str(), a.body()}
		uid, ok := wanted[k]
		if !ok {
			neighbours.arrivals = append(neighbours.arrivals, a)
			continue
		}
		delete(wanted, k)
		if uid == "" {
			assert.NotEmpty(t, a.uid, "%s: an id for %.80q", k.service, k.body)
		} else {
			assert.Equal(t, uid, a.uid, "%s: the id of %.80q", k.service, k.body)
		}
	}
	assert.Empty(t, wanted, "entries that never arrived")
	v := w.book.compare(neighbours) // what came twice is invented there
	v.log(t)
	v.require(t, 0)
}

// missingOf are those that have not arrived.
func missingOf(wanted map[key]string, s *sink) []string {
	here := map[key]bool{}
	for _, a := range s.all() {
		service, _ := a.resource.Attributes().Get("service.name")
		here[key{service.Str(), a.body()}] = true
	}
	var missing []string
	for k := range wanted {
		if !here[k] {
			missing = append(missing, fmt.Sprintf("%s %.80q", k.service, k.body))
		}
	}
	return missing
}

// shelve makes an entry visible as the emulator would, if it is able to.
func (w *world) shelve(s *system, raw string, at time.Time) bool {
	w.Helper()
	if installation, ok := s.api.(*canvas.Installation); ok {
		installation.PublishRaw([]string{s.lastPart()}, at, json.RawMessage(raw))
		return true
	}
	return json.Valid([]byte(raw)) && s.publish(s.lastPart(), &fact{body: raw}) == nil
}

// inserts puts entries at the head of a log that fits on a page. list is what stands before the entries of a page.
func inserts(list string, entries []string) spoiler {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		query := r.URL.Query()
		offset, _ := strconv.Atoi(query.Get("offset")) // KOBIL's, of others 0
		if query.Has("page") && query.Get("page") != "0" {
			offset = len(entries)
		}
		head := entries[min(offset, len(entries)):]
		if query.Has("offset") {
			query.Set("offset", strconv.Itoa(max(offset-len(entries), 0)))
			r = r.Clone(r.Context())
			r.URL.RawQuery = query.Encode()
		}
		altered(func(header http.Header, body []byte) []byte {
			header.Del("Content-Length")
			before, after, ok := bytes.Cut(body, []byte(list))
			if !ok || len(head) == 0 {
				return body
			}
			added := strings.Join(head, ",")
			if !bytes.HasPrefix(bytes.TrimSpace(after), []byte("]")) {
				added += ","
			}
			return slices.Concat(before, []byte(list), []byte(added), after)
		})(w, r, next)
	}
}

// TestMisbehaviourInNumbersHidesNothing gives an entry of KOBIL a number far above all others: what is numbered as ever
// afterwards, and so lies below it, arrives.
func TestMisbehaviourInNumbersHidesNothing(t *testing.T) {
	t.Parallel()
	for _, number := range []string{"9223372036854775807", aboveAll, "18446744073709551615"} {
		t.Run(number, func(t *testing.T) {
			t.Parallel()
			const overlap = time.Second
			s := newKOBIL()
			w := newWorld(t, s)
			w.keys["overlap"] = overlap.String()
			w.backlog(20)
			at := time.Now()
			body := fmt.Sprintf(`{"id":%s,"logDate":"%d","action":"13"}`, number, at.Unix())
			f := &fact{uid: number, body: body, service: "kobil", event: "kobil.13", at: at.UTC().Truncate(time.Second)}
			w.publish(s, s.lastPart(), f)
			c := w.start()
			c.until("everything arrives", waitLimit, w.complete)
			c.until("it is older than the overlap", waitLimit, func() bool { return time.Since(at) > 3*overlap })
			w.cycles(c, 3)
			for n := range 3 {
				after := w.grow(fmt.Sprint("after ", n), func(*system, string) bool { return false })
				c.until("what comes later arrives", paceLimit, func() bool { return w.arrived(after) })
			}
			w.settle(c, 0)
		})
	}
}
