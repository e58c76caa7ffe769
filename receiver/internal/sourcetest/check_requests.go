package sourcetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// asksAsWanted: a read makes the requests of the description, in their order.
func asksAsWanted(p Provider) error {
	var wrong []error
	for _, c := range []struct {
		name    string
		entries int
		want    []string
	}{
		{"an empty log", 0, p.Requests.EmptyLog},
		{"a log of one page", 5, p.Requests.OnePage},
		{"a log of several pages", SeveralPages, p.Requests.SeveralPages},
	} {
		w := newWorld(p)
		w.many(c.entries, time.Minute, time.Minute)
		cursor := w.start()
		if _, err := w.read(&cursor); err != nil {
			return err
		}
		if !slices.Equal(w.wire.requests, c.want) {
			wrong = append(wrong, fmt.Errorf("for %s it asks\n%s\ninstead of\n%s", c.name,
				strings.Join(w.wire.requests, "\n"), strings.Join(c.want, "\n")))
		}
	}
	return errors.Join(wrong...)
}

// costsLittleWhenIdle: once a log has been idle for a while, a read of it is one request and leaves the cursor as it is,
// so that nothing is written.
func costsLittleWhenIdle(p Provider) error {
	for _, entries := range []int{0, 3, 4*PageSize + 5} {
		w := newWorld(p)
		w.many(entries, time.Second, time.Second)
		cursor := w.start()
		for range 4 {
			if _, err := w.read(&cursor); err != nil {
				return err
			}
			time.Sleep(2 * Overlap)
		}
		for range 3 {
			w.wire.forget()
			before := cursor
			if err := w.delivers(&cursor); err != nil {
				return err
			}
			if n := len(w.wire.requests); n != 1 || cursor != before {
				return fmt.Errorf("a log of %d entries costs %d requests, and the cursor changes from %q to %q",
					entries, n, before, cursor)
			}
			time.Sleep(time.Minute)
		}
	}
	return nil
}

// staysAtHome: whatever an answer says, requests go to the configured origin only.
func staysAtHome(p Provider) error {
	for _, status := range []int{200, 301, 302, 307, 401} {
		for _, elsewhere := range []string{"https://198.51.100.7/", "http://api.example.com/", "//198.51.100.7/", "\x7f"} {
			w := newWorld(p)
			w.many(SeveralPages, time.Minute, time.Minute)
			w.wire.spoil = func(_ int, a *answer) {
				a.status = status
				a.header["Location"] = []string{elsewhere}
				a.header["Link"] = []string{`<` + elsewhere + `>; rel="next",<` + elsewhere + `>;rel="next"`}
			}
			cursor := w.start()
			// Whether it is an error is for the provider to say: not all of them follow links.
			_ = w.readBatches(context.Background(), &cursor, func(source.Batch) error { return nil })
			if len(w.wire.origins) != 1 {
				return fmt.Errorf("an answer with status %d that points to %q makes it ask there", status, elsewhere)
			}
		}
	}
	return nil
}
