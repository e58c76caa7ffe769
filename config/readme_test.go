package config

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

var yamlBlock = regexp.MustCompile("(?s)```yaml\n(.*?)```")

// Every configuration of the receiver in the READMEs is accepted, and the one that is said to be part of an example is.
func TestConfigurationsInTheDocuments(t *testing.T) {
	for name, value := range map[string]string{
		"AUTH0_ENDPOINT": "https://acme.eu.auth0.com", "AUTH0_CLIENT_ID": "aBcD", "AUTH0_CLIENT_SECRET": secret, "AUTH0_USERS": "auth0|1",
	} {
		t.Setenv(name, value)
	}
	example, err := os.ReadFile("examples/auth0.yaml")
	require.NoError(t, err)
	for document, wanted := range map[string]int{"../README.md": 1, "../receiver/userlogreceiver/README.md": 1} {
		content, err := os.ReadFile(document)
		require.NoError(t, err)
		loaded := 0
		for _, block := range yamlBlock.FindAllStringSubmatch(string(content), -1) {
			var parsed struct{ Receivers yaml.Node }
			require.NoError(t, yaml.Unmarshal([]byte(block[1]), &parsed), "%s:\n%s", document, block[1])
			if parsed.Receivers.Kind != yaml.MappingNode { // none, or the list of a manifest of ocb
				continue
			}
			loaded++
			file := filepath.Join(t.TempDir(), "config.yaml")
			require.NoError(t, os.WriteFile(file, []byte(block[1]), 0o600))
			_, err := load(t, file)
			assert.NoError(t, err, "%s:\n%s", document, block[1])
			if strings.Contains(block[1], "user_log/auth0:") {
				assert.Contains(t, string(example), block[1], "examples/auth0.yaml has it word for word")
			}
		}
		assert.Equal(t, wanted, loaded, document)
	}
}
