package config

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/provider/envprovider"
	"go.opentelemetry.io/collector/confmap/provider/fileprovider"
)

var update = flag.Bool("update", false, "write the messages expected of testdata/config/bad")

// secret is what no message and no rendering of a configuration shows.
const secret = "canary5f1e"

// environment is what the files of testdata/config read. UNSET is not set.
var environment = map[string]string{
	"SECRET": secret, "EMPTY": "", "USERS": "auth0|1, auth0|2,\nauth0|3", "NUMBER": "20261122", "YES": "true", "FRACTION": "1.5",
	"NAMES": "jane, +49301234567", "PHONE": "+49301234567", "YAML_NAMES": "[jane, joe]",
	"IDS": "210700000000000362, self,\nsis_user_id:abc", "ID": "210700000000000362", "PADDED": "0042", "YAML_IDS": "[210700000000000362, self]",
}

// load reads a file as the Collector does. It returns the configurations of the receivers user_log in it.
func load(t *testing.T, file string) (map[string]*Config, error) {
	t.Helper()
	for name, value := range environment {
		t.Setenv(name, value)
	}
	resolver, err := confmap.NewResolver(confmap.ResolverSettings{
		URIs:              []string{"file:" + file},
		ProviderFactories: []confmap.ProviderFactory{fileprovider.NewFactory(), envprovider.NewFactory()},
		DefaultScheme:     "env",
	})
	require.NoError(t, err)
	conf, err := resolver.Resolve(t.Context())
	require.NoError(t, err)
	require.NoError(t, resolver.Shutdown(t.Context()))
	receivers, err := conf.Sub("receivers")
	require.NoError(t, err)
	require.NotEmpty(t, receivers.ToStringMap())

	configs := map[string]*Config{}
	for id := range receivers.ToStringMap() {
		sub, err := receivers.Sub(id)
		require.NoError(t, err)
		configs[id] = NewDefault()
		if err := sub.Unmarshal(configs[id]); err != nil {
			return nil, err
		}
	}
	return configs, confmap.Validate(map[string]any{"receivers": configs})
}

func files(t *testing.T, pattern string) []string {
	t.Helper()
	names, err := filepath.Glob(pattern)
	require.NoError(t, err)
	require.NotEmpty(t, names)
	return names
}

// Every file in testdata/config/bad is refused, with the messages that stand in the file of the same name with .txt.
// After a change of messages, run `go test ./config -update` and read what has changed as a user would.
func TestFaultsAreExplained(t *testing.T) {
	for _, file := range files(t, "../testdata/config/bad/*.yaml") {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			_, err := load(t, file)
			require.Error(t, err)
			assert.NotContains(t, err.Error(), secret)
			lines := strings.Split(err.Error(), "\n")
			slices.Sort(lines) // those of maps come in any order
			got := strings.TrimLeft(strings.Join(lines, "\n"), "\n") + "\n"
			want := strings.TrimSuffix(file, ".yaml") + ".txt"
			if *update {
				require.NoError(t, os.WriteFile(want, []byte(got), 0o600))
			}
			expected, err := os.ReadFile(want)
			require.NoError(t, err)
			assert.Equal(t, string(expected), got)
		})
	}
}

func TestNoMessageIsLeftWithoutItsFile(t *testing.T) {
	for _, file := range files(t, "../testdata/config/bad/*.txt") {
		assert.FileExists(t, strings.TrimSuffix(file, ".txt")+".yaml")
	}
}

func TestGoodConfigurationsAreAccepted(t *testing.T) {
	for _, file := range files(t, "../testdata/config/good/*.yaml") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			configs, err := load(t, file)
			require.NoError(t, err)
			assert.NotEmpty(t, configs)
		})
	}
}
