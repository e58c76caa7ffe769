package config

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

var yamlBlock = regexp.MustCompile("(?s)```yaml\n(.*?)```")

// show are the documents that must show how to configure the receiver.
var show = []string{"../README.md", "../docs/systems.md", "../docs/records.md", "../receiver/userlogreceiver/README.md"}

// Every configuration of the receiver in the documents is accepted, and the ones that are said to be part of an example,
// because their receivers are named like its file and they stand where systems are explained, are.
func TestConfigurationsInTheDocuments(t *testing.T) {
	documents := slices.Concat(files(t, "../*.md"), files(t, "../docs/*.md"), files(t, "../receiver/userlogreceiver/*.md"))
	require.Subset(t, documents, show)
	for _, document := range documents {
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
			needed, optional := variables(t, file)
			setenv(t, append(needed, optional...)...)
			_, err := load(t, file)
			assert.NoError(t, err, "%s:\n%s", document, block[1])
			if !slices.Contains(show, document) {
				continue
			}
			for _, example := range files(t, "examples/*.yaml") {
				whole, err := os.ReadFile(example)
				require.NoError(t, err)
				for _, key := range parsed.Receivers.Content {
					if key.Value+".yaml" == "user_log/"+filepath.Base(example) {
						assert.Contains(t, string(whole), block[1], "%s has it word for word", example)
					}
				}
			}
		}
		if slices.Contains(show, document) {
			assert.Positive(t, loaded, "%s shows how to configure the receiver", document)
		}
	}
}
