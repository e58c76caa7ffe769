package loki_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/backends/rig"
)

// What the page adds for a Loki that asks for credentials is sent with every request.
func TestCredentials(t *testing.T) {
	t.Parallel()
	requests := make(chan *http.Request, 100)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { requests <- r }))
	t.Cleanup(server.Close)
	clouds, dir := rig.NewClouds(t, 1, 5), t.TempDir()
	require.NoError(t, clouds.Auth0.Publish("", auth0Entry(time.Now().Add(-time.Minute), 1, "")))
	file, err := filepath.Abs(example)
	require.NoError(t, err)
	env := append([]string{"LOKI_ENDPOINT=" + server.URL + "/otlp", "LOKI_CREDENTIALS=amFuZTpzZWNyZXQ="}, clouds.Env...)
	rig.Start(t, dir, env, file, "yaml:"+block(t, "exporters"), "yaml:service::telemetry::metrics::level: none")

	select {
	case request := <-requests:
		assert.Equal(t, "/otlp/v1/logs", request.URL.Path)
		assert.Equal(t, "Basic amFuZTpzZWNyZXQ=", request.Header.Get("Authorization"))
		assert.Equal(t, "identity", request.Header.Get("X-Scope-OrgID"))
	case <-time.After(readLimit):
		require.Fail(t, "nothing was sent")
	}
}
