// Package shard parts the logs of a source among several receivers, which need not know of each other for that.
package shard

import (
	"encoding/binary"

	"github.com/cespare/xxhash/v2"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// Ring says which of a number of shards reads a log: the one with the highest weight (rendezvous hashing). When the number
// changes, a log moves to a shard that is new or from one that is gone, and all others stay.
//
// Collectors of different versions must agree on it while they are exchanged one by one: what is hashed here, and how,
// never changes.
type Ring struct {
	source string
	count  int
}

// NewRing makes a ring of so many shards for a source. Its text tells logs of the same name apart, so that those of one
// user in two tenants do not all fall to the same shard.
func NewRing(source string, count int) Ring { return Ring{source: source, count: count} }

// Owner returns the index of the shard that reads a log.
func (r Ring) Owner(log source.Subject) int {
	key := make([]byte, 0, 128) // more than the ids of most users need: it then stays on the stack
	key = append(key, r.source...)
	key = append(key, 0)
	key = append(key, log...)
	key = append(key, 0)
	end := len(key)
	owner, highest := 0, uint64(0)
	for shard := range r.count {
		key = binary.LittleEndian.AppendUint64(key[:end], uint64(shard))
		if weight := xxhash.Sum64(key); weight > highest {
			owner, highest = shard, weight
		}
	}
	return owner
}
