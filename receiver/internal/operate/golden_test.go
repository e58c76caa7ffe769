package operate

import (
	"flag"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/provider/envprovider"
	"go.opentelemetry.io/collector/confmap/provider/fileprovider"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/config"
)

var update = flag.Bool("update", false, "write the records expected of the example")

// The records are those of testdata/example.yaml. After a change, run `go test ./receiver/internal/operate -update` and
// read what has changed against the comments in the example.
func TestTheExampleDoesWhatItsCommentsSay(t *testing.T) {
	t.Setenv("DEPLOYMENT", "production")
	configs, err := example(t).Configs()
	require.NoError(t, err)
	p, err := New(Settings{Operators: configs})
	require.NoError(t, err)
	after, err := p.Process(t.Context(), logins())
	require.NoError(t, err)
	require.NoError(t, p.Stop())
	file := filepath.Join("testdata", "example.yaml")
	if *update {
		require.NoError(t, golden.WriteLogsToFile(file, after))
	}
	want, err := golden.ReadLogs(file)
	require.NoError(t, err)
	assert.Equal(t, text(t, want), text(t, after))
}

func example(t *testing.T) config.Operators {
	t.Helper()
	resolver, err := confmap.NewResolver(confmap.ResolverSettings{
		URIs:              []string{"file:" + filepath.Join("..", "..", "..", "config", "examples", "operators.yaml")},
		ProviderFactories: []confmap.ProviderFactory{fileprovider.NewFactory(), envprovider.NewFactory()},
	})
	require.NoError(t, err)
	conf, err := resolver.Resolve(t.Context())
	require.NoError(t, err)
	require.NoError(t, resolver.Shutdown(t.Context()))
	sub, err := conf.Sub("receivers::user_log/operators")
	require.NoError(t, err)
	c := config.NewDefault()
	require.NoError(t, sub.Unmarshal(c))
	require.Len(t, c.Operators, 4)
	return c.Operators
}

// logins are records of an invented hour of a tenant.
func logins() plog.Logs {
	logs := samples(0)
	records := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
	for i, e := range []struct{ kind, email, severity string }{
		{"s", "jane@example.com", "INFO"},
		{"sapi", "", "INFO"},
		{"fp", "", "WARN"},
		{"pwd_leak", "joe@mail.example.com", "ERROR"},
		{"mgmt_api_read", "", "INFO"},
		{"reset_pwd_leak", "", "ERROR"},
		{"limit_wc", "joe@mail.example.com", "ERROR"},
	} {
		r := records.AppendEmpty()
		r.SetTimestamp(pcommon.NewTimestampFromTime(at.Add(time.Duration(i) * time.Minute)))
		r.SetEventName("auth0." + e.kind)
		r.SetSeverityText(e.severity)
		r.SetSeverityNumber(map[string]plog.SeverityNumber{
			"INFO": plog.SeverityNumberInfo, "WARN": plog.SeverityNumberWarn, "ERROR": plog.SeverityNumberError,
		}[e.severity])
		r.Body().SetStr(`{"type":"` + e.kind + `"}`)
		r.Attributes().PutStr("log.record.uid", fmt.Sprintf("9002026112210000000%d", i))
		r.Attributes().PutStr("user_log.type", e.kind)
		if e.email != "" {
			r.Attributes().PutStr("user.email", e.email)
		}
	}
	return logs
}
