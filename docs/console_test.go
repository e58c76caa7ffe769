package docs_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the samples of console.md anew")

// sample is a block of output, and the file that it is from.
var sample = regexp.MustCompile("(?s)<!-- from: (\\S+) -->\n```text\n(.*?)```\n")

// The files are held to what the programs write by the tests beside them.
func TestSamplesOfOutputAreWhatTheProgramsWrite(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("console.md")
	require.NoError(t, err)
	document := string(content)
	samples := sample.FindAllStringSubmatch(document, -1)
	require.Len(t, samples, strings.Count(document, "```text"), "each sample says where it is from")
	for _, s := range samples {
		text, err := os.ReadFile(filepath.Join("..", s[1]))
		require.NoError(t, err)
		want := strings.Replace(s[0], s[2], unpadded(string(text)), 1)
		if *update {
			document = strings.Replace(document, s[0], want, 1)
			continue
		}
		assert.Equal(t, want, s[0], "`go test ./docs -update` writes the samples anew")
	}
	if *update {
		require.NoError(t, os.WriteFile("console.md", []byte(document), 0o600))
	}
}

// unpadded is a table without blanks at the ends of lines, which editors remove.
func unpadded(table string) string {
	lines := strings.Split(table, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n")
}
