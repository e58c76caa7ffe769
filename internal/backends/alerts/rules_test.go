package alerts

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// root is the top of the repository, as seen from this package.
const root = "../../.."

// group is a group of rules, with all that Loki's ruler may be told.
type group struct {
	Name     string
	Interval time.Duration
	Rules    []rule
}

type rule struct {
	Alert       string
	Expr        string
	For         time.Duration
	Labels      map[string]string
	Annotations map[string]string
}

// files are the paths of all files of rules.
func files(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(root, "alerts", "loki", "*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	return paths
}

// groups are all groups of all files. A key that is misspelt is an error.
func groups(t *testing.T) []group {
	t.Helper()
	var all []group
	for _, path := range files(t) {
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		decoder := yaml.NewDecoder(bytes.NewReader(content))
		decoder.KnownFields(true)
		var file struct{ Groups []group }
		require.NoError(t, decoder.Decode(&file), path)
		all = append(all, file.Groups...)
	}
	return all
}

// rules are all rules of all files.
func rules(t *testing.T) []rule {
	t.Helper()
	var all []rule
	for _, g := range groups(t) {
		all = append(all, g.Rules...)
	}
	return all
}
