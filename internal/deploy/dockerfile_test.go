package deploy

import (
	"bytes"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"
)

func stages(t *testing.T) []instructions.Stage {
	t.Helper()
	parsed, err := parser.Parse(bytes.NewReader(read(t, "deploy/docker/Dockerfile")))
	require.NoError(t, err)
	require.Empty(t, parsed.Warnings)
	found, _, err := instructions.Parse(parsed.AST, nil)
	require.NoError(t, err)
	return found
}

func TestTheImagesRunWhatWasBuiltAsNobody(t *testing.T) {
	t.Parallel()
	var manifest struct{ Dist struct{ Name string } }
	require.NoError(t, yaml.Unmarshal(read(t, "builder-config.yaml"), &manifest))
	programs := map[string]string{"collector": "/" + manifest.Dist.Name, "emulator": "/userlog-emulator"}
	all := stages(t)
	assert.Equal(t, "collector", all[len(all)-1].Name, "it is what is built where no target is named")
	before := map[string]bool{}
	for _, stage := range all {
		assert.Contains(t, stage.BaseName, ":", "%s: its version is named", stage.Name)
		assert.NotContains(t, stage.BaseName, ":latest", stage.Name)
		user, entrypoint := "", []string(nil)
		for _, command := range stage.Commands {
			switch c := command.(type) {
			case *instructions.CopyCommand:
				checkCopy(t, c, before)
			case *instructions.UserCommand:
				user = c.User
			case *instructions.EntrypointCommand:
				entrypoint = c.CmdLine
			}
		}
		if want, ok := programs[stage.Name]; ok {
			assert.Equal(t, "65532:65532", user, "the values of Helm say the same")
			assert.Equal(t, []string{want}, entrypoint)
			delete(programs, stage.Name)
		}
		before[stage.Name] = true
	}
	assert.Empty(t, programs)
}

// program is what the Makefile builds.
var program = regexp.MustCompile(`\bbin/[\w-]+`)

// checkCopy looks whether there is what is copied: in the tree, or made by the Makefile in a stage before.
func checkCopy(t *testing.T, c *instructions.CopyCommand, before map[string]bool) {
	t.Helper()
	programs := strings.Fields(string(bytes.Join(program.FindAll(read(t, "Makefile"), -1), []byte(" "))))
	for _, source := range c.SourcePaths {
		if c.From == "" {
			assert.FileExists(t, filepath.Join(root, source, "Makefile"))
			continue
		}
		assert.True(t, before[c.From], "stage %s", c.From)
		if made, ok := strings.CutPrefix(source, "/src/"); ok {
			assert.Contains(t, programs, made)
			assert.Equal(t, "/"+filepath.Base(made), c.DestPath)
		}
	}
}

func TestTheBuildGetsWhatItNeedsAndNothingElse(t *testing.T) {
	t.Parallel()
	patterns, err := ignorefile.ReadAll(bytes.NewReader(read(t, "deploy/docker/Dockerfile.dockerignore")))
	require.NoError(t, err)
	matcher, err := patternmatcher.New(patterns)
	require.NoError(t, err)
	for _, needed := range []string{
		"Makefile", "builder-config.yaml", "go.mod", "go.sum", "metadata.yaml", "config/config.go", "cmd/userlog-emulator/main.go",
		"receiver/userlogreceiver/factory.go", "internal/emulator/doc.go", "internal/tools/go.mod",
	} {
		require.FileExists(t, filepath.Join(root, needed))
		ignored, err := matcher.MatchesOrParentMatches(needed)
		require.NoError(t, err)
		assert.False(t, ignored, needed)
	}
	for _, left := range []string{".git/config", ".env", "bin/otelcol-userlog", "run/demo/records.json", ".tools/builder", "internal/deploy/go.mod"} {
		ignored, err := matcher.MatchesOrParentMatches(left)
		require.NoError(t, err)
		assert.True(t, ignored, left)
	}
	for _, pattern := range patterns {
		if kept, ok := strings.CutPrefix(pattern, "!"); ok {
			assert.True(t, exists(filepath.Join(root, kept)), kept)
		}
	}
}
