package deploy

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/coreos/go-systemd/v22/unit"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	unitFile  = "deploy/systemd/otelcol-userlog.service"
	collector = "/usr/local/bin/otelcol-userlog"
)

// options are the values of a unit by their names; those that are there several times are joined by spaces.
func options(t *testing.T) map[string]string {
	t.Helper()
	parsed, err := unit.DeserializeOptions(strings.NewReader(string(read(t, unitFile))))
	require.NoError(t, err)
	found := map[string]string{}
	for _, option := range parsed {
		found[option.Name] = strings.TrimSpace(found[option.Name] + " " + option.Value)
	}
	return found
}

func TestTheUnitsConfigurationReadsWhatTheUnitGives(t *testing.T) {
	t.Parallel()
	unit := options(t)
	credential, _, ok := strings.Cut(unit["LoadCredential"], ":")
	require.True(t, ok)
	content := read(t, "deploy/systemd/config.yaml")
	assert.Contains(t, string(content), "${file:${env:CREDENTIALS_DIRECTORY}/"+credential+"}")
	assert.NotEmpty(t, unit["StateDirectory"])
	assert.Equal(t, "yes", unit["DynamicUser"])

	credentials := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(credentials, credential), []byte("stand-in"), 0o600))
	config := checkCollector(t, content, "CREDENTIALS_DIRECTORY="+credentials, "STATE_DIRECTORY="+t.TempDir())
	assert.Equal(t, "${env:STATE_DIRECTORY}/cursors", config.Extensions["file_storage"]["directory"])
}

// analyze runs systemd-analyze on the unit, with a program in it that is there.
func analyze(t *testing.T, arguments ...string) (string, error) {
	t.Helper()
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		t.Skip("systemd-analyze is not installed")
	}
	program, err := os.Executable()
	require.NoError(t, err)
	content := string(read(t, unitFile))
	require.Contains(t, content, "ExecStart="+collector+" ")
	file := filepath.Join(t.TempDir(), "otelcol-userlog.service")
	require.NoError(t, os.WriteFile(file, []byte(strings.Replace(content, collector, program, 1)), 0o600))
	output, err := exec.CommandContext(t.Context(), "systemd-analyze", append(arguments, file)...).CombinedOutput()
	return string(output), err
}

func TestSystemdUnderstandsTheUnit(t *testing.T) {
	t.Parallel()
	output, err := analyze(t, "verify", "--man=no")
	require.NoError(t, err, output)
	assert.NotContains(t, output, "otelcol-userlog.service:", "no key is unknown, and no value is wrong")
}

// The level is systemd's own, from 0 to 100; a unit without any of these settings has 96. What is left is the network,
// which the receiver is for.
func TestTheUnitIsExposedToLittle(t *testing.T) {
	t.Parallel()
	output, err := analyze(t, "security", "--no-pager", "--offline=true", "--threshold=15")
	require.NoError(t, err, output)
}
