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

// documents are those that show configurations, but what is for other programs than the collector.
func documents(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, pattern := range []string{"README.md", "docs/*.md", "receiver/userlogreceiver/README.md"} {
		found, err := filepath.Glob(filepath.Join("..", "..", pattern))
		require.NoError(t, err)
		require.NotEmpty(t, found, pattern)
		all = append(all, found...)
	}
	return all
}

// section matches a top-level key of a configuration of the collector.
var section = regexp.MustCompile(`(?m)^(extensions|receivers|processors|connectors|exporters|service):`)

// yamlBlocks are the blocks of YAML in a document that are parts of a configuration of the collector.
func yamlBlocks(t *testing.T, path string) []string {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	var blocks []string
	for _, match := range yamlBlock.FindAllStringSubmatch(string(content), -1) {
		if section.MatchString(match[1]) && !strings.Contains(match[1], "gomod:") {
			blocks = append(blocks, match[1])
		}
	}
	return blocks
}

// variable matches a variable of the environment in a configuration.
var variable = regexp.MustCompile(`\$\{env:(\w+)`)

// standIns are values for the variables that a configuration takes from the environment.
func standIns(config string) []string {
	var env []string
	for _, found := range variable.FindAllStringSubmatch(config, -1) {
		value := "stand-in"
		switch name := found[1]; {
		case strings.HasSuffix(name, "ENDPOINT"), strings.HasSuffix(name, "URL"):
			value = "https://stand-in.example"
		case strings.HasSuffix(name, "PRODUCT"):
			value = "ssms"
		case strings.HasPrefix(name, "CANVAS_") && name != "CANVAS_TOKEN", strings.HasSuffix(name, "COUNT"):
			value = "3"
		case strings.HasSuffix(name, "INDEX"):
			value = "0"
		}
		env = append(env, found[1]+"="+value)
	}
	return env
}

// namedReceiver matches a receiver in a pipeline.
var namedReceiver = regexp.MustCompile(`receivers: \[(user_log/\w+)`)

func TestTheConfigurationsInTheDocumentsAreValid(t *testing.T) {
	t.Parallel()
	// What a part of a configuration needs to be a whole one.
	const frame = `
extensions: {file_storage: {directory: storage, create_directory: true}}
receivers: {%s: {auth0: {endpoint: "https://stand-in.example", token: t, users: [u]}}}
exporters: {debug: {}, otlp_http: {endpoint: "https://stand-in.example"}}
service: {pipelines: {logs: {receivers: [%[1]s], exporters: [debug]}}}
`
	// A part that says where the records of a receiver go, and not what it reads, is framed by that receiver.
	framed := func(block string) string {
		if found := namedReceiver.FindStringSubmatch(block); found != nil && !strings.Contains(block, found[1]+":") {
			return fmt.Sprintf(frame, found[1])
		}
		return fmt.Sprintf(frame, "user_log/frame")
	}
	checked := 0
	for _, document := range documents(t) {
		for i, block := range yamlBlocks(t, document) {
			checked++
			t.Run(fmt.Sprint(filepath.Base(document), i), func(t *testing.T) {
				dir := t.TempDir()
				write(t, filepath.Join(dir, "frame.yaml"), framed(block))
				write(t, filepath.Join(dir, "block.yaml"), block)
				output, code := whole(t, dir, standIns(block), "validate", statusGate, "--config", "frame.yaml", "--config", "block.yaml")
				assert.Zero(t, code, "%s\n%s", output, block)
			})
		}
	}
	assert.GreaterOrEqual(t, checked, 15, "the documents show configurations")
}

// TestHealthCheckShowsWhatIsWrong runs the document's settings of health_check, but for the port and the time.
func TestHealthCheckShowsWhatIsWrong(t *testing.T) {
	t.Parallel()
	const user = "auth0|63d1c0ffee01"
	var block string
	for _, candidate := range yamlBlocks(t, filepath.Join("..", "..", "docs", "operations.md")) {
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
