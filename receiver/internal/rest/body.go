package rest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
)

// readBody reads a whole body of at most limit bytes. The transport has decompressed it already, so a small answer
// that grows without bound ends here too.
func readBody(resp *http.Response, limit int64) ([]byte, error) {
	if resp.ContentLength > limit {
		return nil, tooLarge(limit)
	}
	var buf bytes.Buffer
	if resp.ContentLength > 0 {
		buf.Grow(int(resp.ContentLength) + bytes.MinRead) // read without growing
	}
	n, err := buf.ReadFrom(io.LimitReader(resp.Body, limit+1))
	if n > limit {
		return nil, tooLarge(limit)
	}
	return buf.Bytes(), err
}

func tooLarge(limit int64) error {
	return fmt.Errorf("%w (%d bytes): raise it, or lower page_size", ErrTooLarge, limit)
}
