package kobil

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

// The entries of the vendor's sample, as encoding/json reads them.
func TestVendorsEntriesKeepWhatTheySay(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("../../../../../shared/corpus/kobil/user-logs-items.ndjson")
	if err != nil {
		t.Skip("the collected answers are not here")
	}
	lines := strings.Split(strings.TrimSpace(string(content)), "\n")
	l, err := decodeList([]byte("["+strings.Join(lines, ",")+"]"), arrival, testCodes(t))
	require.NoError(t, err)
	require.Len(t, l.entries, len(lines))
	for i, line := range lines {
		var want struct {
			Action, CertificateSerialNumber, Details, DeviceID, IssuerDN, Status, UserID string

			ID       json.Number
			Archived bool
		}
		require.NoError(t, json.Unmarshal([]byte(line), &want))
		r := plog.NewLogRecord()
		l.entries[i].Record(r)
		assert.Equal(t, line, r.Body().Str())
		assert.Equal(t, "kobil."+want.Action, r.EventName())
		attributes := r.Attributes().AsRaw()
		assert.Equal(t, want.Archived, attributes["kobil.archived"])
		for name, text := range map[string]string{
			"log.record.uid": want.ID.String(), "user_log.type": want.Action, "user_log.description": want.Details,
			"user.id": want.UserID, "device.id": want.DeviceID, "tls.client.issuer": want.IssuerDN, "kobil.status": want.Status,
			"kobil.certificate_serial_number": want.CertificateSerialNumber,
		} {
			if text == "" {
				assert.NotContains(t, attributes, name)
			} else {
				assert.Equal(t, text, attributes[name], name)
			}
		}
	}
}
