//go:build e2e

package e2e

import (
	"errors"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
)

// console is the built program userlog, for the configuration of a rig.
type console struct {
	t      *testing.T
	binary string
	rig    *rig
}

// newConsole builds it: it is a Go module of its own.
func newConsole(t *testing.T) *console {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "userlog")
	output, err := exec.CommandContext(t.Context(), "go", "build", "-C", filepath.Join("..", "..", "cmd", "userlog"), "-o", binary, ".").CombinedOutput()
	require.NoError(t, err, string(output))
	return &console{t: t, binary: binary}
}

// run runs it and returns what it writes and its exit status. It shows no secret and no user.
func (c *console) run(in string, args ...string) (out, errs string, status int) {
	c.t.Helper()
	path := filepath.Join(c.rig.dir, "console.yaml")
	write(c.t, path, c.rig.config(object{"level": "none"}))
	cmd := exec.CommandContext(c.t.Context(), c.binary, append(args, "--config", path)...)
	cmd.Dir, cmd.Env = c.rig.dir, []string{"HOME=" + c.rig.dir, "TMPDIR=" + c.rig.dir}
	var stdout, stderr strings.Builder
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(in), &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		require.NoError(c.t, err)
	}
	for _, private := range []string{"canary-e2e", "e2e-secret", "63d1c0ffee"} {
		assertAbsent(c.t, private, strings.Join(args, " "), stdout.String()+stderr.String())
	}
	return stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()
}

// line is the line of a table about one thing.
func line(table, name string) string {
	for l := range strings.Lines(table) {
		if strings.HasPrefix(l, "  "+name+" ") {
			return strings.TrimSpace(l)
		}
	}
	return ""
}

func TestTheCheckExplainsEachFailureInOneLine(t *testing.T) {
	t.Parallel()
	const user = "auth0|63d1c0ffee21"
	c := newConsole(t)
	for name, test := range map[string]struct {
		spoil      func(r *rig)
		line, want string
	}{
		"nothing": {func(*rig) {}, "", ""},
		"a wrong secret": {func(r *rig) {
			delete(r.auth0, "token")
			r.auth0["client_id"], r.auth0["client_secret"] = "e2e-client", "e2e-secret-wrong"
		}, "credentials", "the token endpoint answered 401 Unauthorized (access_denied): check client_id, client_secret, audience and token_url"},
		"a missing right": {
			func(r *rig) { r.tenant.SetUserStatus(user, http.StatusForbidden) },
			"rights", "the API answered 403 Forbidden: grant the application the scopes read:logs and read:logs_users",
		},
		"an unreachable host": {
			func(r *rig) { r.api.Close() },
			"reachable", "connection refused: nobody listens there: are host and port right?",
		},
	} {
		r := newRig(t, auth0.Options{Clients: map[string]string{"e2e-client": "e2e-secret"}, Tokens: []string{"canary-e2e-token"}})
		c.rig = r
		r.users(user)
		require.NoError(t, r.tenant.Publish(user, newEntries(user, 3, time.Now().Add(-time.Hour), time.Minute)...))
		test.spoil(r)
		out, errs, status := c.run("", "check")
		require.Empty(t, errs, name)
		if test.want == "" {
			assert.Zero(t, status, out)
			assert.NotContains(t, out, "FAIL")
			continue
		}
		assert.Equal(t, 1, status, name)
		assert.Equal(t, 1, strings.Count(out, "FAIL"), out)
		assert.Contains(t, line(out, test.line), "FAIL", name)
		assert.Contains(t, line(out, test.line), test.want, name)
	}
}

// TestCursorsAreMovedWithoutLossOrRepeats resets one of two logs, and undoes that with what was exported before.
func TestCursorsAreMovedWithoutLossOrRepeats(t *testing.T) {
	t.Parallel()
	const first, second = "auth0|63d1c0ffee22", "auth0|63d1c0ffee23"
	c := newConsole(t)
	r := newRig(t, auth0.Options{})
	c.rig = r
	r.users(first, second)
	r.publish(first, newEntries(first, 40, time.Now().Add(-2*time.Hour), time.Minute)...)
	r.publish(second, newEntries(second, 70, time.Now().Add(-3*time.Hour), time.Minute)...)
	running := r.start()
	running.until("everything arrives", waitLimit, r.complete)
	r.cycles(running, 2, first, second)

	out, _, status := c.run("", "check")
	assert.Zero(t, status, out)
	assert.Contains(t, line(out, "storage"), "is in use, by a collector that runs")
	_, errs, status := c.run("", "cursor", "show")
	assert.Equal(t, 1, status)
	assert.Contains(t, errs, "the file is in use: stop the collector first")
	running.stopWell()

	shown, _, status := c.run("", "cursor", "show")
	require.Zero(t, status)
	assert.Equal(t, 3, strings.Count(shown, "\n"), "a head, and a line for each log:\n%s", shown)
	exported, _, status := c.run("", "cursor", "export")
	require.Zero(t, status)

	_, errs, status = c.run("", "cursor", "reset", first, "--yes")
	require.Zero(t, status, errs)
	running = r.start()
	running.until("the log comes again", waitLimit, func() bool { return len(r.sink.all()) >= 110+40 })
	r.cycles(running, 2, first, second)
	running.stopWell()
	require.Equal(t, 40, r.logVerdict().repeats, "one of the logs, once more")

	_, errs, status = c.run("", "cursor", "reset", "--all", "--yes")
	require.Zero(t, status, errs)
	_, errs, status = c.run(exported, "cursor", "import", "--yes")
	require.Zero(t, status, errs)
	r.publish(second, newEntries(second, 5, time.Now().Add(-5*time.Second), time.Second)...)
	running = r.start()
	running.until("everything arrives", waitLimit, r.complete)
	r.cycles(running, 2, first, second)
	running.stopWell()
	r.settle(40)
}
