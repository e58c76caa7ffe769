package sourcetest

import (
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// check is one thing that a provider must do. It returns how it does not.
type check struct {
	name string
	run  func(Provider) error
}

// The names of the checks.
const (
	walking          = "walks to the end"
	resuming         = "goes on from a cursor"
	starting         = "starts where it should"
	cursorText       = "cursors can be stored"
	badCursors       = "bad cursors are refused"
	futureCursors    = "cursors of the future hide nothing"
	lateEntries      = "late entries"
	tiedEntries      = "tied entries"
	shiftingPages    = "shifting pages"
	vanishingEntries = "vanishing entries"
	futureEntries    = "entries of the future"
	faultsKind       = "faults have their kind"
	faultsCost       = "faults cost nothing"
	errorTexts       = "errors tell nothing"
	throttling       = "throttling"
	cancellation     = "cancellation"
	wantedRequests   = "wanted requests"
	idleLogs         = "idle logs"
	oneOrigin        = "one origin"
	records          = "records"
	oddEntries       = "odd entries"
	oneReader        = "model, one reader"
	twoReaders       = "model, two readers"
)

// checks are all but the model, which has cases without end.
func checks(p Provider) []check {
	all := []check{
		{walking, walksToTheEnd},
		{resuming, resumes},
		{starting, startsWhereItShould},
		{cursorText, storesCursors},
		{badCursors, refusesBadCursors},
		{futureCursors, survivesFutureCursors},
		{lateEntries, findsLate},
		{tiedEntries, findsTied},
		{shiftingPages, bearsShifts},
		{futureEntries, bearsFuture},
		{faultsKind, namesFaults},
		{faultsCost, survivesFaults},
		{errorTexts, tellsNothing},
		{throttling, waitsIfThrottled},
		{cancellation, obeysItsContext},
		{wantedRequests, asksAsWanted},
		{idleLogs, costsLittleWhenIdle},
		{oneOrigin, staysAtHome},
		{records, recordsTheSame},
		{oddEntries, takesOddEntries},
	}
	if p.Vanish {
		all = append(all, check{vanishingEntries, bearsVanishing})
	}
	return all
}

// model is the check of the cursor algorithm: a scenario that nobody thought of, with so many readers.
type model struct {
	name    string
	readers int
}

func models() []model { return []model{{oneReader, 1}, {twoReaders, 2}} }

// Run checks a provider. The number of scenarios is rapid's: -rapid.checks, a fifth of it with -short.
func Run(t *testing.T, p Provider) {
	for _, c := range checks(p) {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if err := inBubble(t, func() error { return c.run(p) }); err != nil {
				t.Error(err)
			}
		})
	}
	for _, m := range models() {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(rt *rapid.T) {
				s := scenarios(p, m.readers).Draw(rt, "scenario")
				if err := inBubble(t, func() error { return s.play(p, savesAfter) }); err != nil {
					rt.Fatal(err)
				}
			})
		})
	}
}

// inBubble runs f by a clock that begins at Begin and moves on only while everybody waits.
func inBubble(t *testing.T, f func() error) (err error) {
	synctest.Test(t, func(*testing.T) {
		time.Sleep(time.Until(Begin()))
		err = f()
	})
	return err
}
