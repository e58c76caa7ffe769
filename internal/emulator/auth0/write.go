package auth0

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
)

// contentType is that of every recorded answer of the Management API.
const contentType = "application/json; charset=utf-8"

// writeBody sends body; a failed write means that the client is gone, which is no news for a server.
func writeBody(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// writeJSON sends v, which must be encodable.
func writeJSON(w http.ResponseWriter, status int, v any) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	writeBody(w, status, bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

func writeError(w http.ResponseWriter, e apiError) { writeJSON(w, e.StatusCode, e) }

// writeEntries sends the elements as an array, byte for byte, or within the include_totals envelope under key. In log
// search v3 total is the number of elements in this page, as length is (auth0 docs: "Migrate to tenant log search v3");
// for users it is the number of all.
func writeEntries(w http.ResponseWriter, p paging, key string, total int, elements []json.RawMessage) {
	var b bytes.Buffer
	if p.totals {
		b.WriteString(`{"start":` + strconv.Itoa(p.page*p.perPage) + `,"limit":` + strconv.Itoa(p.perPage) +
			`,"length":` + strconv.Itoa(len(elements)) + `,"total":` + strconv.Itoa(total) + `,"` + key + `":`)
	}
	b.WriteByte('[')
	for i, raw := range elements {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(raw)
	}
	b.WriteByte(']')
	if p.totals {
		b.WriteByte('}')
	}
	writeBody(w, http.StatusOK, b.Bytes())
}

func rawOf(entries []*entry) []json.RawMessage {
	out := make([]json.RawMessage, len(entries))
	for i, e := range entries {
		out[i] = e.raw
	}
	return out
}
