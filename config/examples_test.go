package config

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// variable is one that an example takes from the environment; with :- behind its name it may be missing.
var variable = regexp.MustCompile(`\$\{env:([A-Z0-9_]+)(:-)?\}`)

// variables are those of a file: the ones that must be set, and the ones that may be.
func variables(t *testing.T, file string) (needed, optional []string) {
	t.Helper()
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	for _, match := range variable.FindAllStringSubmatch(string(content), -1) {
		if match[2] == "" {
			needed = append(needed, match[1])
		} else {
			optional = append(optional, match[1])
		}
	}
	return needed, optional
}

// standIn is a value as the comments of the examples ask for.
func standIn(name string) string {
	switch {
	case strings.HasSuffix(name, "ENDPOINT"):
		return "https://acme.example.com"
	case strings.HasSuffix(name, "URL"):
		return "https://login.example.com/auth/realms/acme/protocol/openid-connect/token"
	case strings.HasSuffix(name, "SECRET"), strings.HasSuffix(name, "TOKEN"):
		return secret
	case strings.HasSuffix(name, "PRODUCT"):
		return "ssms"
	case strings.HasSuffix(name, "INDEX"):
		return "0"
	case strings.HasSuffix(name, "USERS"), strings.HasSuffix(name, "ACCOUNTS"), strings.HasSuffix(name, "LOGINS"):
		return "self,sis_user_id:abc" // suits the strictest, which is Canvas
	}
	return "stand-in"
}

func setenv(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		t.Setenv(name, standIn(name))
	}
}

func TestExamples(t *testing.T) {
	for _, file := range files(t, "examples/*.yaml") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			needed, optional := variables(t, file)
			setenv(t, append(needed, optional...)...)
			configs, err := load(t, file)
			require.NoError(t, err)
			assert.NotEmpty(t, configs)
			for id, c := range configs {
				assert.EqualValues(t, "https://acme.example.com", chosen(t, c).Client().Endpoint, id)
				assert.NotNil(t, c.Storage, "an example loses nothing at a restart")
			}
		})
	}
}

// What a person reads before running an example against a system of theirs.
func TestExamplesSayWhatToSet(t *testing.T) {
	for _, file := range people(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			content, err := os.ReadFile(file)
			require.NoError(t, err)
			head, _, found := strings.Cut(string(content), "extensions:")
			require.True(t, found)
			needed, optional := variables(t, file)
			require.NotEmpty(t, needed)
			for _, name := range append(needed, optional...) {
				assert.Regexp(t, `(?m)^#   `+name+` +\S`, head)
			}
			assert.Contains(t, string(content), "fsync: true", "a cursor outlives a crash of the machine")
		})
	}
}

// people are the examples that a person runs; the demo is run with everything set.
func people(t *testing.T) []string {
	all := files(t, "examples/*.yaml")
	return slices.DeleteFunc(all, func(file string) bool { return filepath.Base(file) == "demo.yaml" })
}

// The comments of the examples allow any mix of the variables that say whose logs are read.
func TestExampleWithOneOfTheUserVariables(t *testing.T) {
	tested := 0
	for _, file := range people(t) {
		needed, optional := variables(t, file)
		if len(optional) == 0 { // reads a whole tenant
			continue
		}
		tested++
		t.Run(filepath.Base(file), func(t *testing.T) {
			setenv(t, needed...)
			for _, name := range optional {
				t.Run(name, func(t *testing.T) {
					setenv(t, name)
					_, err := load(t, file)
					require.NoError(t, err)
				})
			}
			_, err := load(t, file)
			require.ErrorContains(t, err, "users_file to a file with one")
		})
	}
	assert.GreaterOrEqual(t, tested, 4)
}

// commentedKey is a key that a user may take the comment sign off from.
var commentedKey = regexp.MustCompile(`(?m)^( +)# ( *["a-z0-9_]+: ?.*)$`)

func TestKeysThatAreCommentedOutInExamplesAreAccepted(t *testing.T) {
	found := 0
	for _, file := range people(t) {
		needed, optional := variables(t, file)
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		found += len(commentedKey.FindAll(content, -1))
		t.Run(filepath.Base(file), func(t *testing.T) {
			setenv(t, append(needed, optional...)...)
			all := filepath.Join(t.TempDir(), "config.yaml")
			require.NoError(t, os.WriteFile(all, commentedKey.ReplaceAll(content, []byte("$1$2")), 0o600))
			configs, err := load(t, all)
			require.NoError(t, err)
			if c := configs["user_log/kobil_ssms"]; c != nil {
				assert.Len(t, c.Types, 3, "the codes of the vendor's sample")
			}
		})
	}
	assert.GreaterOrEqual(t, found, 6, "the comments are recognised")
}
