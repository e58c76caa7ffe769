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

// readLogs does with each cloud what the receiver does: token, users, logs.
func readLogs() int {
	env := os.Getenv
	auth0, kobil, canvas := env("AUTH0_ENDPOINT"), env("KOBIL_ENDPOINT"), env("CANVAS_ENDPOINT")
	token := fetchToken(auth0+"/oauth/token", "AUTH0", url.Values{"audience": {auth0 + "/api/v2/"}})
	fmt.Println("child: Auth0 entries", count(auth0+"/api/v2/users/%s/logs?per_page=100", token, "AUTH0_USERS_FILE", `"log_id"`) > 50)

	token = fetchToken(env("KOBIL_TOKEN_URL"), "KOBIL", url.Values{})
	path := "/digitanium/v4/user/%s/logs?limit=1000"
	if env("KOBIL_PRODUCT") == "shift" {
		path = "/auth/realms/" + env("KOBIL_TENANT_ID") + "/v3_user/%s/logs?limit=1000"
	}
	fmt.Println("child: KOBIL entries", count(kobil+path, token, "KOBIL_USERS_FILE", `"logDate"`) > 50)

	path = canvas + "/api/v1/audit/authentication/"
	events := count(path+"users/%s?per_page=100", env("CANVAS_TOKEN"), "CANVAS_USERS_FILE", `"event_type"`)
	ofAccount := get(path+"accounts/"+env("CANVAS_ACCOUNTS")+"?per_page=100", env("CANVAS_TOKEN"))
	fmt.Println("child: Canvas entries", events > 50 && strings.Contains(ofAccount, `"event_type"`))
	return 0
}

// fetchToken asks for a token with the client of this prefix; "" if there is none.
func fetchToken(endpoint, prefix string, form url.Values) string {
	form.Set("grant_type", "client_credentials")
	form.Set("client_id", os.Getenv(prefix+"_CLIENT_ID"))
	form.Set("client_secret", os.Getenv(prefix+"_CLIENT_SECRET"))
	resp, err := http.PostForm(endpoint, form)
	if err != nil {
		return ""
	}
	defer resp.Body.Close()
	var token struct {
		Value string `json:"access_token"`
	}
	_ = json.NewDecoder(resp.Body).Decode(&token)
	return token.Value
}

// count is how often the mark stands in the logs of all users of a file.
func count(format, token, usersFile, mark string) int {
	users, err := os.ReadFile(os.Getenv(usersFile))
	if err != nil {
		return 0
	}
	n := 0
	for user := range strings.SplitSeq(strings.TrimSpace(string(users)), "\n") {
		n += strings.Count(get(fmt.Sprintf(format, url.PathEscape(user)), token), mark)
	}
	return n
}

// get is the body of a good answer, or "".
func get(address, token string) string {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, address, nil)
	if err != nil {
		return ""
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return ""
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		return ""
	}
	return string(body)
}
