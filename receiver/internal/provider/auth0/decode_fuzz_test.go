package auth0

import (
	"encoding/json"
	"testing"
	"unicode/utf8"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

func FuzzDecodePage(f *testing.F) {
	f.Add([]byte(`[]`))
	f.Add(benchPage()[:0])
	f.Add([]byte(`[{"log_id":"1","_id":"1","date":"2025-11-07T10:20:30.456Z","type":"s","scope":["a","\u0062"],"isMobile":true}]`))
	f.Add([]byte(`{"start":0,"logs":[{"type":7,"details":{"session_id":"x\\"},"location_info":{"latitude":-1e3,"city_name":"\ud800"}},null],"total":1}`))
	f.Add([]byte("[{\"user_name\":\"a@\xff\",\"scope\":\"a  b\",\"references\":{\"trace_id\":\"4bf92f3577b34da6a3ce929d0e0e4736\"}},7,[{}]]"))
	f.Add([]byte(`[{"\u0074ype":"s","scope":[[],{},null,""],"description":"\"","security_context":{"ja3":1 }}] `))
	codes := testCodes(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		entries, err := decodePage(body, arrival, codes)
		if err != nil {
			assert.Nil(t, entries)
			return
		}
		require.True(t, json.Valid(body), "accepted what is not JSON")
		start := uintptr(unsafe.Pointer(unsafe.SliceData(body)))
		for i := range entries {
			e := &entries[i]
			at := uintptr(unsafe.Pointer(unsafe.StringData(e.raw)))
			require.True(t, at >= start && at+uintptr(len(e.raw)) <= start+uintptr(len(body)), "not a view of the answer")
			require.True(t, json.Valid([]byte(e.raw)))
			checkUTF8(t, e)
			alone := e.detach()
			require.Equal(t, e.uid(), alone.uid())
			require.Equal(t, recordOf(e).Attributes().AsRaw(), recordOf(&alone).Attributes().AsRaw())
		}
	})
}

// checkUTF8 looks for strings that the OpenTelemetry protocol cannot carry.
func checkUTF8(t *testing.T, e *entry) {
	t.Helper()
	record := recordOf(e)
	require.True(t, utf8.ValidString(record.Body().Str()))
	require.True(t, utf8.ValidString(record.EventName()))
	for _, value := range record.Attributes().All() {
		require.NotEqual(t, pcommon.ValueTypeEmpty, value.Type())
		require.True(t, utf8.ValidString(value.AsString()))
		if value.Type() == pcommon.ValueTypeSlice {
			for _, element := range value.Slice().All() {
				require.True(t, utf8.ValidString(element.Str()))
			}
		}
	}
}
