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
	if resp.ContentLength > 0 { // the transport gives no more than was told
		body := make([]byte, resp.ContentLength)
		n, err := io.ReadFull(resp.Body, body)
		return body[:n], err
	}
	var buf bytes.Buffer
	n, err := buf.ReadFrom(io.LimitReader(resp.Body, limit+1))
	if n > limit {
		return nil, tooLarge(limit)
	}
	return buf.Bytes(), err
}

func tooLarge(limit int64) error {
	return fmt.Errorf("%w (%d bytes): raise it, or lower page_size", ErrTooLarge, limit)
}
