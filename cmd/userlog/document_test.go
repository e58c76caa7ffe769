package main

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/userlogcursor"
)

var shellBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")

// What the document tells to type has commands, flags and arguments that there are.
func TestDocumentedCommandsAreCommands(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("../../docs/console.md")
	require.NoError(t, err)
	commands := 0
	for _, block := range shellBlock.FindAllStringSubmatch(string(content), -1) {
		for l := range strings.Lines(block[1]) {
			typed, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(l), "bin/"), " > ")
			typed, _, _ = strings.Cut(typed, " < ")
			words := strings.Fields(typed)
			if len(words) == 0 || words[0] != "userlog" {
				continue
			}
			command, rest, err := rootCommand().Find(words[1:])
			require.NoError(t, err, l)
			require.NoError(t, command.ParseFlags(rest), l)
			require.NoError(t, command.ValidateArgs(command.Flags().Args()), l)
			commands++
		}
	}
	assert.Greater(t, commands, 5)
	log := reflect.TypeFor[userlogcursor.Log]()
	for i := range log.NumField() {
		name, _, _ := strings.Cut(log.Field(i).Tag.Get("json"), ",")
		assert.Contains(t, string(content), "`"+name+"`")
	}
}
