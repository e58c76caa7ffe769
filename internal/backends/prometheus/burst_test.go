package prometheus

import (
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
)

// A series begins with what was counted first, in which increase() sees nothing: see docs/backends.md for the expression.
func TestAnExpressionSeesTheFirstBurst(t *testing.T) {
	t.Parallel()
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("promtool is not installed: it is in Debian's package prometheus")
	}
	output, err := exec.Command(promtool, "test", "rules", "testdata/first_burst.test.yaml").CombinedOutput()
	require.NoError(t, err, "%s", output)
}
