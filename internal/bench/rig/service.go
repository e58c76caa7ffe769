package rig

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
)

// The servers are this program again, started with one of these as its argument.
const (
	PagesCommand = "pages"
	SinkCommand  = "sink"
)

// service is a server that runs as a process of its own.
type service struct {
	url   string
	cmd   *exec.Cmd
	stdin io.Closer
}

// startService starts a server, which tells its address on stdout and ends with its stdin.
func startService(program, command string) (*service, error) {
	cmd := exec.Command(program, command) //nolint:gosec // this program
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	url, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("%s told no address: %w", command, err)
	}
	return &service{url: strings.TrimSpace(url), cmd: cmd, stdin: stdin}, nil
}

func (s *service) stop() {
	_ = s.stdin.Close()
	_ = s.cmd.Wait() // nothing is left to be done about a server that fails at its end
}

// do sends a request with a JSON body, if there is one, and reads the answer into result, if there is to be one.
func (s *service) do(method, path string, body, result any) error {
	var content bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&content).Encode(body); err != nil {
			return err
		}
	}
	request, err := http.NewRequest(method, s.url+path, &content)
	if err != nil {
		return err
	}
	client := http.Client{}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(response.Body, 1<<10)) // what can be had of it
		return fmt.Errorf("%s %s: %s: %s", method, path, response.Status, text)
	}
	if result == nil {
		_, err = io.Copy(io.Discard, response.Body)
		return err
	}
	return json.NewDecoder(response.Body).Decode(result)
}
