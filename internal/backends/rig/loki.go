package rig

import (
	"bytes"
	_ "embed"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"text/template"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	// lokiStartLimit is how long Loki may take to be ready, on a machine that does other things.
	lokiStartLimit = 2 * time.Minute
	// lokiTenant is how Loki calls its only tenant when its authentication is off.
	lokiTenant = "fake"
)

//go:embed loki.yaml
var lokiConfig string

// LokiOptions say how Loki runs. All are optional.
type LokiOptions struct {
	// Limits is the block limits_config of Loki's configuration, as YAML without indentation. The default is Loki's own.
	Limits string
	// Flags are more of Loki's flags. They win over the rest.
	Flags []string
	// Rules are the files that the ruler evaluates every second.
	Rules []string
	// Alertmanager is the URL that the ruler posts alerts to.
	Alertmanager string
}

// Loki is the real Loki, running in a process of its own.
type Loki struct {
	*child
	url    string
	client http.Client
}

// NewLoki starts Loki on loopback, with nothing in it, and waits until it is ready. It ends with the test. The program is
// the one that the variable LOKI names; without it the test is skipped.
func NewLoki(t *testing.T, options LokiOptions) *Loki {
	t.Helper()
	binary := Binary(t, "LOKI", "run it through make e2e-loki, which builds Loki first")
	dir, port := t.TempDir(), FreePort(t)
	rules := filepath.Join(dir, "rules", lokiTenant)
	require.NoError(t, os.MkdirAll(rules, 0o700))
	for _, file := range options.Rules {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(rules, filepath.Base(file)), content, 0o600)) //nolint:gosec // named by the test
	}
	config := filepath.Join(dir, "loki.yaml")
	require.NoError(t, os.WriteFile(config, renderLoki(t, dir, port, options), 0o600))

	l := &Loki{url: "http://127.0.0.1:" + port, client: http.Client{Timeout: time.Minute}}
	l.child = startChild(t, "Loki", dir, nil, binary, append([]string{"-config.file=" + config}, options.Flags...)...)
	t.Cleanup(l.client.CloseIdleConnections)
	l.Until("Loki is ready", lokiStartLimit, l.ready)
	return l
}

func renderLoki(t *testing.T, dir, port string, options LokiOptions) []byte {
	t.Helper()
	parsed, err := template.New("loki").Parse(lokiConfig)
	require.NoError(t, err)
	var rendered bytes.Buffer
	require.NoError(t, parsed.Execute(&rendered, map[string]string{
		"Dir": dir, "Port": port, "GRPCPort": FreePort(t), "Alertmanager": options.Alertmanager,
		"Limits": strings.ReplaceAll(strings.TrimSpace(options.Limits), "\n", "\n  "),
	}))
	return rendered.Bytes()
}

func (l *Loki) ready() bool {
	answer, err := l.client.Get(l.url + "/ready")
	if err != nil { // it does not listen yet
		return false
	}
	defer answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

// URL is where Loki listens, without a path.
func (l *Loki) URL() string { return l.url }

// OTLP is the endpoint for the exporter otlp_http.
func (l *Loki) OTLP() string { return l.url + "/otlp" }
