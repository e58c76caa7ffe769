//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheExamplesAreValid(t *testing.T) {
	t.Parallel()
	examples, err := filepath.Glob(filepath.Join("..", "..", "config", "examples", "*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, examples)
	for _, example := range examples {
		t.Run(filepath.Base(example), func(t *testing.T) {
			content, err := os.ReadFile(example)
			require.NoError(t, err)
			path, err := filepath.Abs(example)
			require.NoError(t, err)
			output, code := whole(t, t.TempDir(), standIns(string(content)), "validate", "--config", path)
			require.Zero(t, code, output)
		})
	}
}

// TestABrokenConfigurationIsNamedByItsPath breaks several keys at once: all of them are told, none with its secret.
func TestABrokenConfigurationIsNamedByItsPath(t *testing.T) {
	t.Parallel()
	const broken = `
receivers:
  user_log/acme:
    collection_interval: 0s
    concurrency: -1
    auth0:
      endpoint: http://acme.eu.auth0.com
      client_id: app
      client_secret: ${env:E2E_NOT_SET}
      token: canary-token-9b1c
      page_size: 1000
      users: ["auth0|1"]
exporters:
  otlp_http:
    endpoint: http://127.0.0.1:4318
service:
  pipelines:
    logs:
      receivers: [user_log/acme]
      exporters: [otlp_http]
`
	tests := map[string]struct {
		config string
		want   []string
	}{
		"several faults": {broken, []string{
			"receivers::user_log/acme::collection_interval",
			"receivers::user_log/acme::concurrency",
			"receivers::user_log/acme::auth0::endpoint",
			"receivers::user_log/acme::auth0::client_secret",
			"empty: is the environment variable set?",
			"receivers::user_log/acme::auth0::page_size",
			"receivers::user_log/acme::auth0: ", // two kinds of credentials
		}},
		"an unknown key": {
			strings.Replace(broken, "page_size: 1000", "page_sizes: 100", 1),
			[]string{"user_log/acme", "page_sizes"},
		},
		"no source": {
			regexp.MustCompile(`(?s)    auth0:.*users: [^\n]*\n`).ReplaceAllString(broken, ""),
			[]string{"receivers::user_log/acme: ", "auth0"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "config.yaml")
			write(t, path, test.config)
			for _, args := range [][]string{{"validate", "--config", path}, {"--config", path}} {
				output, code := whole(t, dir, nil, args...)
				assert.NotZero(t, code, "%v", args)
				for _, want := range test.want {
					assert.Contains(t, output, want, "%v", args)
				}
				assert.NotContains(t, output, "canary-token", "%v", args)
			}
		})
	}
}
