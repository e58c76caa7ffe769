// Package docs_test holds the documents to what there is.
package docs_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	namedTest  = regexp.MustCompile("`((?:Test|Benchmark|Fuzz)[A-Za-z0-9_]+)`")
	madeTest   = regexp.MustCompile(`(?m)^func ((?:Test|Benchmark|Fuzz)[A-Za-z0-9_]+)\(`)
	namedMake  = regexp.MustCompile("`make ([a-z0-9-]+)")
	makeTarget = regexp.MustCompile(`(?m)^([a-z0-9-]+):`)
)

// Whoever wants to see a promise kept looks for the test that a document names.
func TestTheTestsAndCommandsThatTheDocumentsNameExist(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{}
	require.NoError(t, filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() && strings.HasPrefix(entry.Name(), "_") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		source, err := os.ReadFile(path)
		for _, found := range madeTest.FindAllStringSubmatch(string(source), -1) {
			tests[found[1]] = true
		}
		return err
	}))
	makefile, err := os.ReadFile("../Makefile")
	require.NoError(t, err)
	targets := map[string]bool{}
	for _, found := range makeTarget.FindAllStringSubmatch(string(makefile), -1) {
		targets[found[1]] = true
	}
	for _, document := range documents(t) {
		text, err := os.ReadFile(document)
		require.NoError(t, err)
		for _, found := range namedTest.FindAllStringSubmatch(string(text), -1) {
			assert.True(t, tests[found[1]], "%s names %s, which does not exist", document, found[1])
		}
		for _, found := range namedMake.FindAllStringSubmatch(string(text), -1) {
			assert.True(t, targets[found[1]], "%s names make %s, which does not exist", document, found[1])
		}
	}
	promises, err := os.ReadFile("reliability.md")
	require.NoError(t, err)
	assert.GreaterOrEqual(t, len(namedTest.FindAllString(string(promises), -1)), 20, "reliability.md names the tests of every promise")
}
