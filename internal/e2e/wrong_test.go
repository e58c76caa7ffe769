//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestWrongReceiversFail builds collectors whose receiver breaks one promise, and runs the test that has to find it on
// each: a proof that cannot fail proves nothing. The product's sources stay as they are; the compiler is given others.
func TestWrongReceiversFail(t *testing.T) {
	if os.Getenv(wrongVariable) != "" {
		t.Skip("this is a run on a wrong receiver")
	}
	for _, wrong := range wrongReceivers() {
		t.Run(wrong.name, func(t *testing.T) {
			t.Parallel()
			if !wrong.short && !*long {
				t.Skip("in the long form only")
			}
			built := wrong.build(t)
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.count=1", "-test.run="+exactly(wrong.test), fmt.Sprintf("-seed=%d", *seed))
			cmd.Env = append(os.Environ(), binaryVariable+"="+built, wrongVariable+"=1")
			cmd.SysProcAttr = dieWithParent()
			output, err := cmd.CombinedOutput()
			var exit *exec.ExitError
			if assert.ErrorAs(t, err, &exit, "%s does not find it\n%s", wrong.test, output) {
				assert.Contains(t, string(output), wrong.says)
			}
		})
	}
}

// wrongVariable is set while a test runs on a wrong receiver.
const wrongVariable = "OTELCOL_USERLOG_WRONG"

// exactly is the pattern that selects one test or subtest.
func exactly(test string) string { return "^" + strings.ReplaceAll(test, "/", "$/^") + "$" }

// build makes a collector of the module's sources with the edits, in the directory in which ocb has made the right one.
func (w wrongReceiver) build(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	dir, replaced := t.TempDir(), map[string]string{}
	for _, e := range w.edits {
		from := filepath.Join(root, e.file)
		to := replaced[from]
		if to == "" {
			to = filepath.Join(dir, fmt.Sprintf("%d.go", len(replaced)))
			replaced[from] = to
			source, err := os.ReadFile(from)
			require.NoError(t, err)
			write(t, to, string(source))
		}
		source, err := os.ReadFile(to)
		require.NoError(t, err)
		require.Equal(t, 1, strings.Count(string(source), e.old), "%s has changed: where is now what this receiver does wrong? %q", e.file, e.old)
		write(t, to, strings.Replace(string(source), e.old, e.new, 1))
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replaced})
	require.NoError(t, err)
	write(t, filepath.Join(dir, "overlay.json"), string(overlay))

	built := filepath.Join(dir, "otelcol-wrong")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-overlay", filepath.Join(dir, "overlay.json"), "-ldflags=-s -w", "-o", built, ".")
	cmd.Dir = filepath.Join(root, "_build")
	output, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", output)
	return built
}
