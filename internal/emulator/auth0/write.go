package auth0

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/userlog/userlog-otel/internal/emulator/cloud"
)

// contentType is that of every recorded answer of the Management API.
const contentType = "application/json; charset=utf-8"

func writeBody(w http.ResponseWriter, status int, body []byte) {
	cloud.WriteBody(w, status, contentType, body)
}

func writeJSON(w http.ResponseWriter, status int, v any) { cloud.WriteJSON(w, status, contentType, v) }

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
	cloud.WriteArray(&b, elements)
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
