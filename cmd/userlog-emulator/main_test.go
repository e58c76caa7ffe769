//go:build unix

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"
)

// childMode is the environment variable that makes the test program play the command that run starts.
const childMode = "USERLOG_EMULATOR_TEST_CHILD"

func TestMain(m *testing.M) {
	if mode := os.Getenv(childMode); mode != "" {
		os.Exit(playChild(mode))
	}
	os.Exit(m.Run())
}

func playChild(mode string) int {
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	fmt.Println("child: ready")
	switch mode {
	case "ends":
		return 0
	case "dies":
		return 3
	case "crashes":
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	case "waits":
		fmt.Println("child:", <-signals)
		return 7
	case "obeys":
		<-signals
		return 0
	case "reads":
		return readLogs()
	case "writes":
		line := `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"severityText":"WARN","eventName":"auth0.fp"}]}]}]}`
		if err := os.WriteFile(os.Args[len(os.Args)-1], []byte(line+"\nnonsense\n"+line+"\n"), 0o600); err != nil {
			return 1
		}
		return 0
	}
	time.Sleep(time.Minute) // "ignores"
	return 0
}

// readLogs does what the receiver does: token, users, logs.
func readLogs() int {
	endpoint := os.Getenv("AUTH0_ENDPOINT")
	resp, err := http.PostForm(endpoint+"/oauth/token", url.Values{
		"grant_type": {"client_credentials"}, "client_id": {os.Getenv("AUTH0_CLIENT_ID")},
		"client_secret": {os.Getenv("AUTH0_CLIENT_SECRET")}, "audience": {endpoint + "/api/v2/"},
	})
	if err != nil {
		return 1
	}
	defer resp.Body.Close()
	var token struct {
		Value string `json:"access_token"`
	}
	if json.NewDecoder(resp.Body).Decode(&token) != nil {
		return 1
	}
	users, err := os.ReadFile(os.Getenv("AUTH0_USERS_FILE"))
	if err != nil {
		return 1
	}
	entries := 0
	for user := range strings.SplitSeq(strings.TrimSpace(string(users)), "\n") {
		req, err := http.NewRequestWithContext(context.Background(), http.MethodGet,
			endpoint+"/api/v2/users/"+url.PathEscape(user)+"/logs?per_page=100", nil)
		if err != nil {
			return 1
		}
		req.Header.Set("Authorization", "Bearer "+token.Value)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return 1
		}
		var page []json.RawMessage
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil || json.Unmarshal(body, &page) != nil {
			return 1
		}
		entries += len(page)
	}
	fmt.Println("child: entries", entries > 50)
	return 0
}
