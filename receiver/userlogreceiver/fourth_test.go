package userlogreceiver

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// top is the module's folder.
const top = "../.."

// A throw-away provider is added to a copy of the module as CONTRIBUTING.md says: with files of its own, and with changes
// to two existing ones. It is built, configured and delivers.
func TestAFourthProviderTouchesTwoExistingFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the module once more")
	}
	copied := t.TempDir()
	copyModule(t, copied)
	for own, text := range map[string]string{
		"config/acme.go": "config.go.txt",
		"receiver/internal/provider/acme/acme.go": "provider.go.txt",
		"receiver/userlogreceiver/acme.go":        "wire.go.txt",
		"receiver/userlogreceiver/acme_test.go":   "acme_test.go.txt",
	} {
		content, err := os.ReadFile(filepath.Join("testdata", "fourth", text))
		require.NoError(t, err)
		path := filepath.Join(copied, own)
		require.NoFileExists(t, path, "a file of its own")
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, content, 0o600))
	}
	change(t, filepath.Join(copied, "config", "config.go"),
		"	_ struct{}\n}\n\n// RateLimit bounds", "	Acme *Acme `mapstructure:\"acme,omitempty\"`\n\n	_ struct{}\n}\n\n// RateLimit bounds",
		"		blockOf(\"canvas\", &c.Canvas, NewDefaultCanvas),\n", "		blockOf(\"canvas\", &c.Canvas, NewDefaultCanvas),\n		blockOf(\"acme\", &c.Acme, NewDefaultAcme),\n")
	change(t, filepath.Join(copied, "receiver", "userlogreceiver", "wire.go"),
		"	case r.cfg.Canvas != nil:\n", "	case r.cfg.Acme != nil:\n		return r.acme(ctx, host, observer)\n	case r.cfg.Canvas != nil:\n")

	run(t, copied, "vet", "./...") // it compiles all, too
	args := []string{"test", "-count=1", "-run", "^TestAcme$"}
	if raced { // with the same flags as this test, so that nothing but the copy is compiled
		args = append(args, "-race")
	}
	assert.Contains(t, run(t, copied, append(args, "./receiver/userlogreceiver")...), "ok  ")
}

// run runs the go command in a folder, with the modules that are there already, and returns what it says.
func run(t *testing.T, folder string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOPROXY=off", "GOFLAGS=-mod=readonly")
	output, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", output)
	return string(output)
}

// copyModule copies what is compiled into the receiver.
func copyModule(t *testing.T, to string) {
	t.Helper()
	for _, part := range []string{"go.mod", "go.sum", "config", "receiver"} {
		require.NoError(t, filepath.WalkDir(filepath.Join(top, part), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "testdata") {
				return err
			}
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			target := filepath.Join(to, strings.TrimPrefix(path, top))
			if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
				return err
			}
			return os.WriteFile(target, content, 0o600)
		}))
	}
}

// change replaces texts in a file, each of which must be there once.
func change(t *testing.T, file string, replacements ...string) {
	t.Helper()
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	text := string(content)
	for i := 0; i < len(replacements); i += 2 {
		require.Equal(t, 1, strings.Count(text, replacements[i]), replacements[i])
		text = strings.Replace(text, replacements[i], replacements[i+1], 1)
	}
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
}
