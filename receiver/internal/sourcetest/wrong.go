package sourcetest

import (
	"net/http"
	"testing"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// wrong is a reader, or a driver of a right one, that breaks the law.
type wrong struct {
	name     string
	provider Provider // whose reader is wrong
	driver   driver
	by       []string // the checks that must reject it
}

// wrongs are all that the suite knows of.
func wrongs(p Provider) []wrong {
	with := func(name string, reader func(http.RoundTripper, Limits) source.Reader, by []string) wrong {
		changed := p
		changed.Reader = reader
		return wrong{name: name, provider: changed, by: by}
	}
	walks := func(name string, n naive, by ...string) wrong {
		return with(name, func(wire http.RoundTripper, limits Limits) source.Reader {
			n.p, n.client, n.limits = p, &http.Client{Transport: wire}, limits
			return n
		}, by)
	}
	does := func(name string, alter func(source.Reader) source.Reader, by ...string) wrong {
		return with(name, func(wire http.RoundTripper, limits Limits) source.Reader {
			return alter(p.Reader(wire, limits))
		}, by)
	}
	all := []wrong{
		walks("stops at the first known entry", naive{known: stopsAtKnown}, lateEntries, oneReader, twoReaders),
		walks("takes what is newer than the newest", naive{known: onlyNewer},
			lateEntries, tiedEntries, futureEntries, oneReader, twoReaders),
		walks("takes what has a greater id", naive{known: onlyGreater}, lateEntries, oneReader, twoReaders),
		walks("takes a fault for the end", naive{known: overlaps, hopeful: true}, faultsCost, faultsKind, throttling),
		walks("follows redirects", naive{known: overlaps}, oneOrigin),
		{"stores the cursor before the delivery", p, savesBefore, []string{oneReader, twoReaders}},
		does("claims what is not delivered yet", hasty, resuming, oneReader, twoReaders),
		does("hands everything on at once", joined, walking, oneReader),
		does("hands the newest on first", alter(newestFirst, nil), walking, lateEntries),
		does("hands everything on twice", alter(twice, nil), walking, oneReader),
		does("tells gaps that are none", alter(tellsGaps, nil), walking, oneReader, twoReaders),
		does("begins too early", func(r source.Reader) source.Reader { return early{r} }, starting),
		does("has binary cursors", alter(binaryCursors, nil), cursorText),
		does("begins at now if its cursor is bad", forgiving, badCursors),
		does("believes a cursor of the future", trusting(p), futureCursors),
		does("takes a failed read for an empty one", alter(nil, silent), faultsKind, badCursors),
		does("calls every error transient", alter(nil, transient), faultsKind, badCursors),
		does("names the subject in errors", alter(nil, talkative), errorTexts),
		does("does not stop when told to", deaf, cancellation),
		does("asks twice", wasteful, wantedRequests, idleLogs),
		does("makes another record each time", alter(unsteady, nil), records),
		does("leaves out entries without a date", alter(leavesOutUndated, nil), oddEntries),
	}
	if p.CountsRows {
		all = append(all,
			walks("takes again what moved down", naive{known: overlaps, forgetful: true}, shiftingPages, oneReader))
	}
	if p.CountsRows && p.Vanish {
		all = append(all, walks("reads pages that do not overlap", naive{known: overlaps}, vanishingEntries, oneReader))
	}
	return all
}

// Rejects shows that the checks of Run can fail: each reader that is wrong on purpose is rejected by those that are
// there for it. With -v it tells how.
func Rejects(t *testing.T, p Provider) {
	for _, w := range wrongs(p) {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			for _, name := range w.by {
				if err := w.rejection(t, name); err != nil {
					t.Logf("rejected by %q: %.200s", name, err.Error())
				} else {
					t.Errorf("not rejected by %q", name)
				}
			}
		})
	}
}

// maxTries is how many scenarios may pass before one must have rejected a wrong reader. Their seeds are fixed.
const maxTries = 500

// rejection is what the check of this name says of it.
func (w wrong) rejection(t *testing.T, name string) error {
	for _, c := range checks(w.provider) {
		if c.name == name {
			return inBubble(t, func() error { return c.run(w.provider) })
		}
	}
	for _, m := range models() {
		drawn := scenarios(w.provider, m.readers)
		for seed := 0; m.name == name && seed < maxTries; seed++ {
			s := drawn.Example(seed)
			if err := inBubble(t, func() error { return s.play(w.provider, w.driver) }); err != nil {
				return err
			}
		}
	}
	return nil
}
