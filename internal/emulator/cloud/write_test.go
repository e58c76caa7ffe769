package cloud

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOriginIsWhatTheClientAskedFor(t *testing.T) {
	t.Parallel()
	plain := httptest.NewRequest(http.MethodGet, "/x", nil)
	plain.Host = "h:1"
	assert.Equal(t, "http://h:1", Origin(plain))

	secure := plain.Clone(t.Context())
	secure.TLS = &tls.ConnectionState{}
	assert.Equal(t, "https://h:1", Origin(secure))

	inProcess, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://h:2/x", nil)
	require.NoError(t, err)
	assert.Equal(t, "https://h:2", Origin(inProcess))
	inProcess.Host = ""
	assert.Equal(t, "https://h:2", Origin(inProcess))
}

func TestArrayKeepsBytes(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	WriteArray(&b, []json.RawMessage{json.RawMessage(` {"a" : 1.50}`), json.RawMessage(`broken`)})
	assert.Equal(t, `[ {"a" : 1.50},broken]`, b.String())
	b.Reset()
	WriteArray(&b, nil)
	assert.Equal(t, `[]`, b.String())
}

func TestEncodeLeavesHTMLAlone(t *testing.T) {
	t.Parallel()
	assert.Equal(t, `{"a":"<&>"}`, string(Encode(map[string]string{"a": "<&>"})))
	assert.Panics(t, func() { Encode(func() {}) })
}

func TestUnmarshalWantsAnObject(t *testing.T) {
	t.Parallel()
	var f struct {
		ID json.RawMessage `json:"id"`
	}
	for _, bad := range []string{"", " ", "[]", `"x"`, "null", `{"id":`} {
		require.Error(t, Unmarshal(json.RawMessage(bad), &f), bad)
	}
	require.NoError(t, Unmarshal(json.RawMessage("\n {\"id\":7}"), &f))
	assert.Equal(t, "7", string(f.ID))
	assert.Empty(t, Text(f.ID))
	assert.Equal(t, "x", Text(json.RawMessage(`"x"`)))
}
