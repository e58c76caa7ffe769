package source

import (
	"context"
	"iter"
	"time"
)

// Looker is a Reader of whose logs somebody can have a look without reading them.
type Looker interface {
	// Look asks for the newest page of a log, with one request, and says what it shows of the entries since a time. Its
	// errors are those of Read.
	Look(ctx context.Context, subject Subject, since time.Time) (Glimpse, error)
	// Position says what a cursor claims.
	Position(Cursor) (Position, error)
}

// Sampler is a Lister that needs many requests for its whole list, and one for the beginning of it.
type Sampler interface {
	// Sample returns some of the subjects, and how many there are; below 0 if that is not known.
	Sample(ctx context.Context) (some []Subject, all int, err error)
}

// Glimpse is what one page shows of a log.
type Glimpse struct {
	// Newest is the date of the newest entry on the page; zero if there is none with a date.
	Newest time.Time
	// Wanted counts the entries on the page since the time that was asked about, and Oldest is the date of the oldest of
	// them.
	Wanted int
	Oldest time.Time
	// More is set if there may be more of them on the pages that follow.
	More bool
}

// GlimpseOf looks at the dates of a page's entries, zero for those without. Full says that another page may follow.
func GlimpseOf(dates iter.Seq[time.Time], since time.Time, full bool) Glimpse {
	g := Glimpse{More: full}
	for date := range dates {
		if date.After(g.Newest) {
			g.Newest = date
		}
		switch {
		case date.IsZero():
			g.Wanted++ // a first read takes what has no date
		case date.Before(since):
			g.More = false
		default:
			g.Wanted++
			if g.Oldest.IsZero() || date.Before(g.Oldest) {
				g.Oldest = date
			}
		}
	}
	return g
}

// Position is what a cursor claims of a log.
type Position struct {
	// Start is set as long as nothing was read: entries are wanted from then on, by the local clock.
	Start time.Time
	// Newest is the time of the newest entry accepted or, of a log that is ordered by other things than time, the time
	// at which it was; zero if the cursor does not know it.
	Newest time.Time
	// Marks counts the accepted entries that are remembered one by one.
	Marks int
}
