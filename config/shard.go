package config

import "fmt"

// Shard is the part of the source's logs that one of several receivers reads, each in a collector of its own. They have
// the same configuration but for Index, and the same component ID, under which a storage that they share keeps the
// cursors.
type Shard struct {
	// Index is the number of this part.
	Index ShardIndex `mapstructure:"index"`
	// Count is the number of parts. Which part a log belongs to follows from this alone, so it is the same for all of them.
	Count Count `mapstructure:"count"`

	_ struct{}
}

// Validate refuses an index that no part has. What is wrong with one of the two alone, its own type tells.
func (s *Shard) Validate() error {
	if s.Index < 0 || s.Count < 1 || int(s.Index) < int(s.Count) {
		return nil
	}
	return fmt.Errorf("index is %d, but with count %d the indexes are 0 to %d: raise count to the number of collectors, the same in all of them, or lower index",
		s.Index, s.Count, s.Count-1)
}

// ShardIndex is a number from 0.
type ShardIndex int

// Validate refuses less than 0.
func (i ShardIndex) Validate() error {
	if i < 0 {
		return fmt.Errorf("%d must be 0 or more: the shards are counted from 0", int(i))
	}
	return nil
}
