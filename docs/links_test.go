package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	fence   = regexp.MustCompile("(?ms)^```.*?^```")
	heading = regexp.MustCompile(`(?m)^#{1,6} +(.+)$`)
	// notInAnchor is what a renderer leaves out of the anchor of a heading (GitHub's rule: letters, digits, hyphens,
	// underscores and spaces stay).
	notInAnchor = regexp.MustCompile(`[^\p{L}\p{N}\-_ ]`)
)

// documents are all that people read, by their paths from here.
func documents(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, pattern := range []string{"../*.md", "*.md", "../alerts/*.md", "../dashboards/*.md", "../deploy/*.md", "../receiver/userlogreceiver/README.md"} {
		found, err := filepath.Glob(pattern)
		require.NoError(t, err)
		all = append(all, found...)
	}
	require.Greater(t, len(all), 10)
	return all
}

// anchors are those of the headings of a document.
func anchors(t *testing.T, document string) map[string]bool {
	t.Helper()
	text, err := os.ReadFile(document)
	require.NoError(t, err)
	all := map[string]bool{}
	for _, found := range heading.FindAllStringSubmatch(fence.ReplaceAllString(string(text), ""), -1) {
		name := strings.ReplaceAll(notInAnchor.ReplaceAllString(strings.ToLower(found[1]), ""), " ", "-")
		all[name] = true
	}
	return all
}

func TestLinksInTheDocumentsLeadSomewhere(t *testing.T) {
	t.Parallel()
	for _, document := range documents(t) {
		text, err := os.ReadFile(document)
		require.NoError(t, err)
		for _, found := range link.FindAllStringSubmatch(fence.ReplaceAllString(string(text), ""), -1) {
			if strings.Contains(found[1], "://") {
				continue // the net is not asked
			}
			path, anchor, _ := strings.Cut(found[1], "#")
			target := document
			if path != "" {
				target = filepath.Join(filepath.Dir(document), path)
			}
			if _, err := os.Stat(target); !assert.NoError(t, err, "%s links to %s", document, found[1]) || anchor == "" {
				continue
			}
			assert.True(t, anchors(t, target)[anchor], "%s links to %s: there is no such heading", document, found[1])
		}
	}
}
