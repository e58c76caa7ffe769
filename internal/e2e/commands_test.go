//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// top is the top directory of the project.
var top = filepath.Join("..", "..")

var shBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")

// command is one that a document tells people to type, with the comment lines that follow it.
type command struct {
	document, text string
	// after are the comments behind it: what it prints.
	after []string
	// block is the whole block that it stands in.
	block string
}

// commands are those of a document. A line that ends with a backslash goes on.
func commands(document, content string) []command {
	var all []command
	for _, block := range shBlock.FindAllStringSubmatch(content, -1) {
		begun := len(all)
		for line := range strings.Lines(strings.ReplaceAll(block[1], "\\\n", " ")) {
			line = strings.Join(strings.Fields(line), " ")
			switch {
			case line == "":
			case !strings.HasPrefix(line, "#"):
				text, _, _ := strings.Cut(line, " # ")
				all = append(all, command{document: document, text: strings.TrimSpace(text), block: block[1]})
			case len(all) > begun:
				last := &all[len(all)-1]
				last.after = append(last.after, strings.TrimSpace(strings.TrimPrefix(line, "#")))
			}
		}
	}
	return all
}

// What becomes of a command. The first rule whose pattern matches holds.
var commandRules = []struct {
	pattern string
	check   func(*testing.T, command)
}{
	{`^export [A-Z0-9_]+=`, func(*testing.T, command) {}}, // of use to those that follow it
	{`^make\b`, makeCanDoIt},
	{`^bash \.ci/run$`, filesExist},
	{`^printf .* \| openssl `, printsWhatFollows},
	// Not here: each needs a program, a cluster or a machine that the tests do not have. The files that they name exist, and
	// other tests load them.
	{`^(sudo |docker |helm |kubectl |systemctl |systemd-analyze |journalctl |lokitool |promtool |curl |npm |node )`, filesExist},
	{`^(.* )?(bin/|userlog )`, understandsItsFlags},
}

// Whoever types a command from a document gets what the document says.
func TestTheCommandsInTheDocuments(t *testing.T) {
	t.Parallel()
	var files []string
	for _, pattern := range []string{"*.md", "docs/*.md", "alerts/*.md", "dashboards/*.md", "receiver/userlogreceiver/*.md"} {
		found, err := filepath.Glob(filepath.Join(top, pattern))
		require.NoError(t, err)
		files = append(files, found...)
	}
	used := map[string]bool{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		for i, c := range commands(filepath.Base(file), string(content)) {
			t.Run(fmt.Sprint(c.document, i), func(t *testing.T) {
				for _, rule := range commandRules {
					if regexp.MustCompile(rule.pattern).MatchString(c.text) {
						used[rule.pattern] = true
						rule.check(t, c)
						return
					}
				}
				assert.Fail(t, "no rule says how this command is checked", c.text)
			})
		}
	}
	for _, rule := range commandRules {
		assert.True(t, used[rule.pattern], "no document has a command like %s", rule.pattern)
	}
}

// makeCanDoIt lets make say what it would do: the targets exist, and so does what they need.
func makeCanDoIt(t *testing.T, c command) {
	filesExist(t, c)
	cmd := exec.CommandContext(t.Context(), "sh", "-c", strings.Replace(c.text, "make", "make --dry-run", 1))
	cmd.Dir = top
	output, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", output)
}

// pathInTree matches what a command names of the project's files.
var pathInTree = regexp.MustCompile(`(?:^|[\s=@:"])((?:\.ci|alerts|config|dashboards|deploy|docs|testdata)/[\w./*-]+)`)

func filesExist(t *testing.T, c command) {
	for _, found := range pathInTree.FindAllStringSubmatch(c.text, -1) {
		matches, err := filepath.Glob(filepath.Join(top, found[1]))
		require.NoError(t, err)
		assert.NotEmpty(t, matches, "%s names %s", c.text, found[1])
	}
}

// printsWhatFollows runs it, and compares what it prints with the comment below it.
func printsWhatFollows(t *testing.T, c command) {
	output, err := exec.CommandContext(t.Context(), "sh", "-c", c.text).CombinedOutput()
	require.NoError(t, err, "%s", output)
	require.NotEmpty(t, c.after, "%s: the document says what it prints", c.text)
	assert.Contains(t, string(output), c.after[0])
}

// flagName matches one with its name alone.
var flagName = regexp.MustCompile(`(?:^|\s)--([a-z][a-z0-9-]*)`)

// understandsItsFlags lets each program in a command say that it knows the flags that the document gives it. What runs for
// long, or needs a system of the reader's, is run by other tests.
func understandsItsFlags(t *testing.T, c command) {
	filesExist(t, c)
	for _, part := range strings.Split(c.text, " -- ") {
		fields := strings.Fields(strings.Replace(" "+part, " userlog ", " bin/userlog ", 1))
		for len(fields) > 0 && !strings.HasPrefix(fields[0], "bin/") { // variables, pipes
			fields = fields[1:]
		}
		if len(fields) == 0 {
			continue
		}
		args := []string{}
		for _, field := range fields[1:] {
			if strings.HasPrefix(field, "-") {
				break
			}
			args = append(args, field)
		}
		program, err := filepath.Abs(filepath.Join(top, fields[0]))
		require.NoError(t, err)
		output, err := exec.CommandContext(t.Context(), program, append(args, "--help")...).CombinedOutput()
		require.NoError(t, err, "%s %v: %s", program, args, output)
		for _, found := range flagName.FindAllStringSubmatch(part, -1) {
			assert.Regexp(t, `--`+found[1]+`\b`, string(output), "%s has no flag --%s", fields[0], found[1])
		}
	}
}
