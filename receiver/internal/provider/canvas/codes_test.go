package canvas

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/receiver/internal/record"
)

// Canvas writes two types, and those only of what succeeded.
func TestWhatTheTypesOfCanvasMean(t *testing.T) {
	t.Parallel()
	of := func(event, name, category, outcome string) record.Row {
		return record.Row{
			Code:  record.Code{Name: name, Category: category, Outcome: outcome, Severity: plog.SeverityNumberInfo},
			Event: event, SeverityText: "INFO",
		}
	}
	assert.Equal(t, map[string]record.Row{
		"login":  of("canvas.login", "Login", "login", "success"),
		"logout": of("canvas.logout", "Logout", "logout", "success"),
	}, testCodes(t).All())
	for _, forks := range []string{"api_login", "corrupted", "Login"} {
		assert.Equal(t, of("canvas."+forks, "", "unknown", "unknown"), testCodes(t).Lookup(forks))
	}
}
