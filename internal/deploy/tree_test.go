package deploy

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"
)

// root is the root of the repository.
const root = "../.."

func read(t *testing.T, path ...string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(append([]string{root}, path...)...))
	require.NoError(t, err)
	return content
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// collectorConfig is what the tests look at in the configuration of a collector.
type collectorConfig struct {
	Receivers  map[string]map[string]any `json:"receivers"`
	Processors map[string]any            `json:"processors"`
	Exporters  map[string]map[string]any `json:"exporters"`
	Extensions map[string]map[string]any `json:"extensions"`
	Service    struct {
		Extensions []string `json:"extensions"`
		Pipelines  map[string]struct {
			Receivers  []string `json:"receivers"`
			Processors []string `json:"processors"`
			Exporters  []string `json:"exporters"`
		} `json:"pipelines"`
		Telemetry any `json:"telemetry"`
	} `json:"service"`
}

// checkCollector lets the schema of the configuration and the built collector look at the configuration of one.
func checkCollector(t *testing.T, content []byte, env ...string) collectorConfig {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join(root, "config", "user_log.schema.json"))
	require.NoError(t, err)
	var document any
	require.NoError(t, yaml.Unmarshal(content, &document))
	assert.NoError(t, schema.Validate(document))

	var config collectorConfig
	require.NoError(t, yaml.UnmarshalStrict(content, &config))
	config.checkExtensions(t)
	t.Run("validate", func(t *testing.T) { validate(t, content, env) })
	return config
}

// checkExtensions looks whether the extensions that the receivers name are started, which only a start would tell.
func (c *collectorConfig) checkExtensions(t *testing.T) {
	t.Helper()
	for id, receiver := range c.Receivers {
		assert.Contains(t, c.Service.Extensions, receiver["storage"], "storage of %s", id)
		if elector, ok := receiver["k8s_leader_elector"]; ok {
			assert.Contains(t, c.Service.Extensions, elector, "k8s_leader_elector of %s", id)
		}
	}
	for _, id := range c.Service.Extensions {
		assert.Contains(t, c.Extensions, id)
	}
}

// variable is one that a configuration must find in the environment, having nothing else.
var variable = regexp.MustCompile(`\$\{env:(\w+)\}`)

// validate runs the built collector's command of this name. Variables that env does not set get a stand-in.
func validate(t *testing.T, content []byte, env []string) {
	collector := os.Getenv("OTELCOL_USERLOG")
	if collector == "" {
		t.Skip("OTELCOL_USERLOG does not name the built collector: `make test-deploy` sets it")
	}
	for _, match := range variable.FindAllStringSubmatch(string(content), -1) {
		value := "stand-in"
		if strings.HasSuffix(match[1], "ENDPOINT") {
			value = "https://stand-in.example.com"
		}
		env = append([]string{match[1] + "=" + value}, env...) // of two, the last one counts
	}
	file := filepath.Join(t.TempDir(), "config.yaml")
	require.NoError(t, os.WriteFile(file, content, 0o600))
	command := exec.CommandContext(t.Context(), collector, "validate", "--config", file)
	command.Env = env
	output, err := command.CombinedOutput()
	assert.NoError(t, err, "%s\n%s", output, content)
}
