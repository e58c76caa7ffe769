package shape

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"sync"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// hasher replaces values by their HMAC-SHA-256 (RFC 2104) in hexadecimal digits. Equal values become equal hashes,
// whichever attribute they are in, so that records can still be joined by them. It is safe for concurrent use.
type hasher struct{ pool sync.Pool }

// digest is what it takes to hash a text; it is used by one goroutine at a time.
type digest struct {
	mac   hash.Hash
	block [sha256.BlockSize]byte
	sum   [sha256.Size]byte
	hex   [2 * sha256.Size]byte
}

func newHasher(key string) *hasher {
	return &hasher{pool: sync.Pool{New: func() any { return &digest{mac: hmac.New(sha256.New, []byte(key))} }}}
}

// replace hashes a value: a list element by element, everything else as its text. What has no text stays.
func (h *hasher) replace(value pcommon.Value) {
	if value.Type() == pcommon.ValueTypeSlice {
		for _, element := range value.Slice().All() {
			h.replace(element)
		}
		return
	}
	if text := value.AsString(); text != "" {
		value.SetStr(h.of(text))
	}
}

func (h *hasher) of(text string) string {
	d := h.pool.Get().(*digest)
	defer h.pool.Put(d)
	d.mac.Reset()
	for len(text) > 0 { // block by block, so that it is not copied whole
		n := copy(d.block[:], text)
		d.mac.Write(d.block[:n])
		text = text[n:]
	}
	hex.Encode(d.hex[:], d.mac.Sum(d.sum[:0]))
	return string(d.hex[:])
}
