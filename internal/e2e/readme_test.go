//go:build e2e

package e2e

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// statusGate makes health_check show what components report.
const statusGate = "--feature-gates=+extension.healthcheck.useComponentStatus"

var yamlBlock = regexp.MustCompile("(?s)```yaml\n(.*?)```")

// yamlBlocks are the blocks of YAML in a document, but for manifests of ocb.
func yamlBlocks(t *testing.T, path ...string) []string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(append([]string{"..", ".."}, path...)...))
	require.NoError(t, err)
	var blocks []string
	for _, match := range yamlBlock.FindAllStringSubmatch(string(content), -1) {
		if !strings.Contains(match[1], "gomod:") {
			blocks = append(blocks, match[1])
		}
	}
	require.NotEmpty(t, blocks)
	return blocks
}

func TestTheConfigurationsInTheDocumentsAreValid(t *testing.T) {
	t.Parallel()
	// What a part of a configuration needs to be a whole one.
	const frame = `
extensions: {file_storage: {directory: storage, create_directory: true}}
receivers: {user_log/frame: {auth0: {endpoint: "https://stand-in.example", token: t, users: [u]}}}
exporters: {debug: {}}
service: {pipelines: {logs: {receivers: [user_log/frame], exporters: [debug]}}}
`
	env := []string{
		"AUTH0_ENDPOINT=https://stand-in.example", "AUTH0_CLIENT_ID=stand-in", "AUTH0_CLIENT_SECRET=stand-in", "AUTH0_USERS=stand-in",
		"KOBIL_ENDPOINT=https://stand-in.example", "KOBIL_TOKEN_URL=https://stand-in.example/token", "KOBIL_CLIENT_ID=stand-in",
		"KOBIL_CLIENT_SECRET=stand-in", "KOBIL_TENANT_ID=stand-in", "KOBIL_PRODUCT=ssms", "KOBIL_USERS=stand-in",
		"CANVAS_ENDPOINT=https://stand-in.example", "CANVAS_TOKEN=stand-in", "CANVAS_ACCOUNTS=self", "CANVAS_USERS=3", "CANVAS_LOGINS=5",
		"PRIVACY_HASH_KEY=stand-in", "DEPLOYMENT=stand-in",
	}
	blocks := append(yamlBlocks(t, "README.md"), yamlBlocks(t, "receiver", "userlogreceiver", "README.md")...)
	for i, block := range blocks {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			dir := t.TempDir()
			write(t, filepath.Join(dir, "frame.yaml"), frame)
			write(t, filepath.Join(dir, "block.yaml"), block)
			output, code := whole(t, dir, env, "validate", statusGate, "--config", "frame.yaml", "--config", "block.yaml")
			assert.Zero(t, code, "%s\n%s", output, block)
		})
	}
}

// TestHealthCheckShowsWhatIsWrong runs the README's settings of health_check, but for the port and the time.
func TestHealthCheckShowsWhatIsWrong(t *testing.T) {
	t.Parallel()
	const user = "auth0|63d1c0ffee01"
	var block string
	for _, candidate := range yamlBlocks(t, "README.md") {
		if strings.Contains(candidate, "health_check:") {
			block = candidate
		}
	}
	address := fmt.Sprintf("127.0.0.1:%d", freePort(t))
	block = strings.NewReplacer("localhost:13133", address, "recovery_duration: 5m", "recovery_duration: 2s").Replace(block)
	require.Contains(t, block, address)
	require.Contains(t, block, "2s")

	r := newRigWithoutAPI(t, fmt.Sprintf("http://127.0.0.1:%d", freePort(t)))
	r.users(user)
	health := filepath.Join(r.dir, "health.yaml")
	write(t, health, block)
	r.args = []string{"--config", health, statusGate}
	c := r.start()
	shows := func(status int, parts ...string) func() bool {
		return func() bool {
			got, page := get(t, "http://"+address+"/status?verbose")
			for _, part := range parts {
				if !strings.Contains(page, part) {
					return false
				}
			}
			return got == status
		}
	}
	wrong := []string{`"receiver:` + receiverID + `":{"healthy":`, `"status":"StatusRecoverableError"`, "connection refused"}
	c.until("the page shows the error", waitLimit, shows(http.StatusOK, wrong...))
	c.until("and after its time it is a failure", waitLimit, shows(http.StatusInternalServerError, wrong...))
	_, page := get(t, "http://"+address+"/status")
	t.Log(page)
	c.stopWell()
}

// get returns status and body.
func get(t *testing.T, url string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, string(body)
}
