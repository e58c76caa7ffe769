//go:build e2e

package e2e

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"sync"
)

// childLog collects what a collector writes to stderr. It is safe for concurrent use.
type childLog struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write implements io.Writer.
func (l *childLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

// String is everything that was written so far.
func (l *childLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// constant matches what every line holds and nobody reads.
var constant = regexp.MustCompile(`"resource":\{[^}]*\},?`)

// sent matches the lines with which the exporter tells of every request.
var sent = regexp.MustCompile(`(?m)^.*Preparing to make HTTP request.*\n`)

// tail is the end of what was written, in whole lines and without what nobody reads.
func (l *childLog) tail(size int) string {
	s := constant.ReplaceAllString(sent.ReplaceAllString(l.String(), ""), "")
	if len(s) <= size {
		return s
	}
	s = s[len(s)-size:]
	return "…" + s[strings.IndexByte(s, '\n')+1:]
}

// logLine is one line of the collector's own log.
type logLine struct {
	Level   string `json:"level"`
	Message string `json:"msg"`
	User    string `json:"user"`
	From    string `json:"from"`
	To      string `json:"to"`
	raw     string
}

// lines are the lines of the receivers under test that contain all of the parts, anywhere in the line.
func (l *childLog) lines(parts ...string) []logLine {
	var found []logLine
next:
	for raw := range strings.Lines(l.String()) {
		var line logLine
		if json.Unmarshal([]byte(raw), &line) != nil {
			continue
		}
		if !strings.Contains(raw, `:"user_log/`) {
			continue
		}
		for _, part := range parts {
			if !strings.Contains(raw, part) {
				continue next
			}
		}
		line.raw = raw
		found = append(found, line)
	}
	return found
}

// warnings are the lines at level warn or above that contain all of the parts.
func (l *childLog) warnings(parts ...string) []logLine {
	var found []logLine
	for _, line := range l.lines(parts...) {
		if line.Level == "warn" || line.Level == "error" {
			found = append(found, line)
		}
	}
	return found
}
