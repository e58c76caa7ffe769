package alerts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	kobilday "github.com/userlog/userlog-otel/internal/emulator/kobil/day"
)

// example is the path of the configuration for Loki.
func example() string {
	path, _ := filepath.Abs(filepath.Join(root, "config", "examples", "loki.yaml")) // the error is that of os.Getwd
	return path
}

// environment is what the example reads.
func (w *world) environment() []string {
	env := []string{"LOKI_ENDPOINT=" + w.loki.OTLP()}
	for _, one := range w.tenants { // for the example's own receiver, which is in no pipeline
		return append(env, one.clouds.Env...)
	}
	return env
}

// variable is the value of one that the example configurations read.
func (one tenant) variable(name string) string {
	for _, pair := range one.clouds.Env {
		if value, ok := strings.CutPrefix(pair, name+"="); ok {
			return value
		}
	}
	return ""
}

// hosts are the values of service.instance.id.
func (one tenant) hosts() []string {
	var hosts []string
	for _, name := range []string{"AUTH0_ENDPOINT", "KOBIL_ENDPOINT", "CANVAS_ENDPOINT"} {
		hosts = append(hosts, strings.TrimPrefix(one.variable(name), "http://"))
	}
	return hosts
}

// receivers writes a configuration that stands beside the example: its receiver, once for each system of each tenant.
func (w *world) receivers(t *testing.T) string {
	t.Helper()
	content, err := os.ReadFile(example())
	require.NoError(t, err)
	var shipped struct {
		Receivers map[string]map[string]any
	}
	require.NoError(t, yaml.Unmarshal(content, &shipped))
	receivers, names := map[string]any{}, []string{}
	for name, one := range w.tenants {
		for system, block := range one.blocks() {
			receiver := map[string]any{}
			for key, value := range shipped.Receivers["user_log/auth0"] {
				if key != "auth0" {
					receiver[key] = value
				}
			}
			receiver[system], receiver["initial_lookback"] = block, "96h"
			if system == "kobil" {
				receiver["types"] = kobilTypes()
			}
			id := "user_log/" + system + "-" + name
			receivers[id], names = receiver, append(names, id)
		}
	}
	config, err := yaml.Marshal(map[string]any{
		"receivers": receivers,
		"service": map[string]any{
			"pipelines": map[string]any{"logs": map[string]any{"receivers": names}},
			"telemetry": map[string]any{"metrics": map[string]any{"level": "none"}}, // its port is one for all collectors
		},
	})
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "receivers.yaml")
	require.NoError(t, os.WriteFile(path, config, 0o600))
	return path
}

// blocks are the receiver's blocks for the three systems.
func (one tenant) blocks() map[string]any {
	v := one.variable
	return map[string]any{
		"auth0": map[string]any{
			"endpoint": v("AUTH0_ENDPOINT"), "client_id": v("AUTH0_CLIENT_ID"), "client_secret": v("AUTH0_CLIENT_SECRET"), "tenant": true,
		},
		"kobil": map[string]any{
			"product": v("KOBIL_PRODUCT"), "endpoint": v("KOBIL_ENDPOINT"), "token_url": v("KOBIL_TOKEN_URL"),
			"client_id": v("KOBIL_CLIENT_ID"), "client_secret": v("KOBIL_CLIENT_SECRET"), "users_file": v("KOBIL_USERS_FILE"),
		},
		"canvas": map[string]any{
			"endpoint": v("CANVAS_ENDPOINT"), "token": v("CANVAS_TOKEN"), "accounts": []string{v("CANVAS_ACCOUNTS")},
		},
	}
}

// kobilTypes says what the emulator's own codes mean, as a user has to for KOBIL's.
func kobilTypes() map[string]any {
	return map[string]any{
		kobilday.Started:   map[string]string{"name": "App started", "category": "login", "outcome": "success"},
		kobilday.WrongPIN:  map[string]string{"name": "Wrong PIN", "category": "login", "outcome": "failure", "severity": "WARN"},
		kobilday.WrongCode: map[string]string{"name": "Wrong code", "category": "mfa", "outcome": "failure", "severity": "WARN"},
	}
}
