package prometheus

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A series begins with what was counted first, in which increase() sees nothing.
func TestAnExpressionSeesTheFirstBurst(t *testing.T) {
	t.Parallel()
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("promtool is not installed: it is in Debian's package prometheus")
	}
	output, err := exec.Command(promtool, "test", "rules", "testdata/first_burst.test.yaml").CombinedOutput()
	require.NoError(t, err, "%s", output)
}

func TestTheExpressionIsThatOfTheDocuments(t *testing.T) {
	t.Parallel()
	rules, err := os.ReadFile("testdata/first_burst.rules.yaml")
	require.NoError(t, err)
	_, expression, found := strings.Cut(string(rules), "expr: |\n")
	require.True(t, found)
	documents, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "backends.md"))
	require.NoError(t, err)
	words := func(text string) string { return strings.Join(strings.Fields(text), " ") }
	assert.Contains(t, words(string(documents)), words(expression))
}
