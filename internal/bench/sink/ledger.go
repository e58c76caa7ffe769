package sink

import "time"

// Stats say what has arrived since the ledger was opened.
type Stats struct {
	Requests int `json:"requests"`
	// Records are all that came, Distinct the entries among them that were expected, each counted once.
	Records  int `json:"records"`
	Distinct int `json:"distinct"`
	// Unknown are records that name no entry that was expected.
	Unknown int `json:"unknown"`
	// Bytes are those of the bodies of the requests.
	Bytes int64 `json:"bytes"`
	// Last is when the last record came.
	Last time.Time `json:"last"`
}

// Repeats is how many records came beyond the first of their entry.
func (s Stats) Repeats() int { return s.Records - s.Distinct - s.Unknown }

const wordBits = 64

// ledger knows which entries have arrived, by their numbers.
type ledger struct {
	stats   Stats
	first   int
	entries int
	arrived []uint64 // a bit for each entry
}

// newLedger expects so many entries, numbered from first.
func newLedger(first, entries int) *ledger {
	return &ledger{first: first, entries: entries, arrived: make([]uint64, (entries+wordBits-1)/wordBits)}
}

// enter notes a record of an entry; ok is false if the record names none.
func (l *ledger) enter(number int, ok bool) {
	l.stats.Records++
	number -= l.first
	if !ok || number < 0 || number >= l.entries {
		l.stats.Unknown++
		return
	}
	word, bit := &l.arrived[number/wordBits], uint64(1)<<(number%wordBits)
	if *word&bit == 0 {
		*word |= bit
		l.stats.Distinct++
	}
}
