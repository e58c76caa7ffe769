package cloud

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
)

// WriteBody sends body; a failed write means that the client is gone, which is no news for a server.
func WriteBody(w http.ResponseWriter, status int, contentType string, body []byte) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// WriteJSON sends v, which must be encodable.
func WriteJSON(w http.ResponseWriter, status int, contentType string, v any) {
	WriteBody(w, status, contentType, Encode(v))
}

// Encode is v as JSON, with <, > and & as they are. It panics if v is not encodable: it is for an emulator's own types.
func Encode(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(fmt.Sprintf("%T cannot be encoded: %v", v, err))
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// WriteArray appends the elements to b as a JSON array, byte for byte.
func WriteArray(b *bytes.Buffer, elements []json.RawMessage) {
	b.WriteByte('[')
	for i, raw := range elements {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(raw)
	}
	b.WriteByte(']')
}

// Origin is the scheme and host that the client wrote into its request, for absolute URLs in an answer. In process,
// where a client's request comes without a connection, its URL still says so.
func Origin(r *http.Request) string {
	scheme, host := r.URL.Scheme, r.Host
	switch {
	case scheme != "":
	case r.TLS != nil:
		scheme = "https"
	default:
		scheme = "http"
	}
	if host == "" {
		host = r.URL.Host
	}
	return scheme + "://" + host
}
