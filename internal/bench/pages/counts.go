package pages

import (
	"sync/atomic"
	"time"
)

// Stats are what was asked for since the log was set.
type Stats struct {
	// Requests are those for pages, Empty those of them that found nothing.
	Requests int64 `json:"requests"`
	Empty    int64 `json:"empty"`
	// Entries and Bytes are what was sent, repeats included.
	Entries int64 `json:"entries"`
	Bytes   int64 `json:"bytes"`
	// ReadOnce and ReadTwice are the numbers of users whose log was asked for so often, at least.
	ReadOnce  int64 `json:"read_once"`
	ReadTwice int64 `json:"read_twice"`
	// First is when the first request came.
	First time.Time `json:"first"`
}

// counts are kept while requests are answered.
type counts struct {
	requests, empty, entries, bytes atomic.Int64
	readOnce, readTwice             atomic.Int64
	first                           atomic.Int64 // Unix nanoseconds
	reads                           []atomic.Int32
}

func newCounts(users int) counts { return counts{reads: make([]atomic.Int32, users)} }

// read counts a request for the log of a user.
func (c *counts) read(user int) {
	switch c.reads[user].Add(1) {
	case 1:
		c.readOnce.Add(1)
	case 2:
		c.readTwice.Add(1)
	}
}

// answered counts an answer to a request that came at a time.
func (c *counts) answered(at time.Time, entries, bytes int) {
	c.first.CompareAndSwap(0, at.UnixNano())
	c.requests.Add(1)
	c.entries.Add(int64(entries))
	c.bytes.Add(int64(bytes))
	if entries == 0 {
		c.empty.Add(1)
	}
}

func (c *counts) stats() Stats {
	return Stats{
		Requests: c.requests.Load(), Empty: c.empty.Load(), Entries: c.entries.Load(), Bytes: c.bytes.Load(),
		ReadOnce: c.readOnce.Load(), ReadTwice: c.readTwice.Load(), First: time.Unix(0, c.first.Load()),
	}
}
