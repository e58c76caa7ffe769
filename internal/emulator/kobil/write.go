package kobil

import (
	"bytes"
	"encoding/json"
	"net/http"

	"github.com/userlog/userlog-otel/internal/emulator/cloud"
)

// contentType is what Keycloak sends; that of the log is unverified.
const contentType = "application/json"

func writeJSON(w http.ResponseWriter, status int, v any) { cloud.WriteJSON(w, status, contentType, v) }

// page is what a request for a log finds.
type page struct {
	filter  filter
	entries []json.RawMessage
	more    bool
}

// filter is reportingFilterUsed of the sample: what the request asked for. A device that was not asked for is the string
// "null" there.
type filter struct {
	DeviceID string `json:"deviceId"`
	Limit    int    `json:"limit"`
	Offset   int    `json:"offset"`
	UserID   string `json:"userId"`
}

// writePage sends the page in the envelope of the installation, the entries byte for byte. The fields stand in the
// alphabetical order of the sample.
func (i *Installation) writePage(w http.ResponseWriter, p page) {
	var b bytes.Buffer
	b.WriteByte('{')
	switch i.options.Envelope {
	case EnvelopeDocumented:
		b.WriteString(`"data":`)
		cloud.WriteArray(&b, p.entries)
		b.WriteString(`,` + i.flags(p))
	case EnvelopeTopLevel:
		b.WriteString(i.flags(p) + `"reportingInfoItems":`)
		cloud.WriteArray(&b, p.entries)
		b.WriteByte(',')
	default:
		b.WriteString(`"data":{` + i.flags(p) + `"reportingInfoItems":`)
		cloud.WriteArray(&b, p.entries)
		b.WriteString(`},`)
	}
	b.Write(cloud.Encode(fetched)[1:])
	cloud.WriteBody(w, http.StatusOK, contentType, b.Bytes())
}

// flags are moreResultsAvailable, unless it is left out, and reportingFilterUsed, each with a comma behind it. The table
// calls reportingFilterUsed a list; what its elements are is unverified.
func (i *Installation) flags(p page) string {
	var more string
	switch i.options.More {
	case MoreAbsent:
	case MoreAlwaysTrue:
		more = `"moreResultsAvailable":true,`
	default:
		more = `"moreResultsAvailable":false,`
		if p.more {
			more = `"moreResultsAvailable":true,`
		}
	}
	used := string(cloud.Encode(p.filter))
	if i.options.Envelope == EnvelopeDocumented {
		return more + `"reportingFilterUsed":[` + used + `],`
	}
	return more + `"reportingFilterUsed":` + used + `,`
}
