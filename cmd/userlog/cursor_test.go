package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
)

func TestShowListsEachLogWithoutItsUser(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	fill(t, dir, "auth0", receiver)
	got := play(t, "", "cursor", "show", "--storage", dir, "--receiver", "user_log/acme")
	require.Zero(t, got.status, got.errs)
	golden(t, "show.txt", regexp.MustCompile(`\d+d `).ReplaceAllString(got.out, "178d "))

	got = play(t, "", "cursor", "show", "--storage", dir, "--receiver", "user_log/acme", "--json")
	var document struct {
		Version  int
		Receiver string
		Logs     []struct{ Log string }
	}
	require.NoError(t, json.Unmarshal([]byte(got.out), &document))
	assert.Len(t, document.Logs, 3)
	assert.Equal(t, "user_log/acme", document.Receiver)
	assert.Equal(t, 1, document.Version)
}

func TestShowNamesUsersOnRequest(t *testing.T) {
	t.Parallel()
	c := acme(t, "https://acme.example.com")
	fill(t, c.directory(), "auth0", receiver)
	c.auth0["users"] = []string{user}
	require.Zero(t, play(t, "", "cursor", "reset", "--config", c.file(t), "--all", "--yes").status)
	storeStart(t, c)
	for _, args := range [][]string{{}, {"--show-users"}} {
		got := play(t, "", append([]string{"cursor", "show", "--config", c.file(t)}, args...)...)
		require.Zero(t, got.status, got.errs)
		assert.Equal(t, len(args) > 0, strings.Contains(got.out, user), got.out)
	}
}

// storeStart imports the cursor of the user, of whom nothing was read yet.
func storeStart(t *testing.T, c collector) {
	t.Helper()
	f, err := (&place{from: origin{files: []string{c.file(t)}}}).find(t.Context())
	require.NoError(t, err)
	for hash := range f.source.Names {
		client := hold(t, c.directory(), receiver)
		value, err := json.Marshal(keys{"v": 1, "f": f.source.Fingerprint, "c": `{"s":1795600000000}`})
		require.NoError(t, err)
		require.NoError(t, client.Set(t.Context(), "/v1/cursor/"+hash, value))
		require.NoError(t, client.Close(t.Context()))
	}
}

func TestExportAndImportMakeTheSameStore(t *testing.T) {
	t.Parallel()
	for _, system := range []string{"auth0", "kobil", "canvas"} {
		from, into := t.TempDir(), t.TempDir()
		want := fill(t, from, system, receiver)
		exported := play(t, "", "cursor", "export", "--storage", from, "--receiver", "user_log/acme")
		require.Zero(t, exported.status, exported.errs)

		another := component.MustNewIDWithName("user_log", "käufer")
		try := play(t, exported.out, "cursor", "import", "--storage", into, "--receiver", another.String())
		require.Zero(t, try.status, try.errs)
		assert.Regexp(t, `^\d cursors would be imported, 0 in place of others; with --yes they are\n$`, try.out)
		files, err := os.ReadDir(into)
		require.NoError(t, err)
		assert.Empty(t, files, "what is only tried leaves nothing")

		done := play(t, exported.out, "cursor", "import", "--storage", into, "--receiver", another.String(), "--yes")
		require.Zero(t, done.status, done.errs)
		assert.Equal(t, want, contents(t, into, another))
		again := play(t, "", "cursor", "export", "--storage", into, "--receiver", another.String())
		assert.Equal(t, strings.Replace(exported.out, "acme", "käufer", 1)[:200], again.out[:200])
	}
}

func TestImportOfAnotherSourceIsRefused(t *testing.T) {
	t.Parallel()
	from := t.TempDir()
	fill(t, from, "auth0", receiver)
	exported := play(t, "", "cursor", "export", "--storage", from, "--receiver", "user_log/acme")
	c := acme(t, "https://another.example.com")
	require.NoError(t, os.MkdirAll(c.directory(), 0o700))
	got := play(t, exported.out, "cursor", "import", "--config", c.file(t), "--yes")
	assert.Equal(t, statusFound, got.status)
	assert.Contains(t, got.errs, "the export is of another source")
	assert.Empty(t, contents(t, c.directory(), receiver))
}

func TestResetIsTriedBeforeItIsDone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	before := fill(t, dir, "auth0", receiver)
	reset := []string{"cursor", "reset", "--storage", dir, "--receiver", "user_log/acme", "Khj-jVkk"}
	got := play(t, "", reset...)
	assert.Equal(t, answer{out: "1 log would begin again at initial_lookback; with --yes they do\n"}, got)
	assert.Equal(t, before, contents(t, dir, receiver))

	got = play(t, "", append(reset, "--yes")...)
	assert.Equal(t, answer{out: "1 log will begin again at initial_lookback\n"}, got)
	delete(before, "/v1/cursor/Khj-jVkkX7JfbpQx")
	assert.Equal(t, before, contents(t, dir, receiver))
}

func TestResetToATime(t *testing.T) {
	t.Parallel()
	c := acme(t, "https://acme.example.com")
	fill(t, c.directory(), "auth0", receiver)
	got := play(t, "", "cursor", "reset", "--config", c.file(t), "--since", "2026-11-24T10:00:00Z", "--all", "--yes")
	assert.Equal(t, answer{out: "3 logs will begin again at 2026-11-24T10:00:00Z\n"}, got)
	shown := play(t, "", "cursor", "show", "--storage", c.directory(), "--receiver", "user_log/acme")
	assert.Equal(t, 3, strings.Count(shown.out, "begins at 2026-11-24T10:00:00Z"), shown.out)
}

func TestStorageThatCannotBeUsedIsExplained(t *testing.T) {
	t.Parallel()
	full, empty, corrupt, cut, scrambled := t.TempDir(), t.TempDir(), t.TempDir(), t.TempDir(), t.TempDir()
	fill(t, full, "auth0", receiver)
	damage := func(dir string, how func([]byte) []byte) {
		fill(t, dir, "auth0", receiver)
		path := filepath.Join(dir, "receiver_user_log_acme")
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, how(content), 0o600))
	}
	damage(corrupt, func([]byte) []byte { return []byte(strings.Repeat(canary, 4096)) })
	damage(cut, func(content []byte) []byte { return content[:2*os.Getpagesize()] })
	damage(scrambled, func(content []byte) []byte {
		rest := len(content) - 2*os.Getpagesize() // the first two hold what is checked when the file is opened
		return append(content[:2*os.Getpagesize()], strings.Repeat("\xaa", rest)...)
	})
	inUse := t.TempDir()
	fill(t, inUse, "auth0", receiver)
	client := hold(t, inUse, receiver)
	defer client.Close(t.Context())

	for name, test := range map[string]struct{ dir, receiver, want string }{
		"no directory": {filepath.Join(empty, "x"), "user_log/acme", "/x is no directory"},
		"empty":        {empty, "user_log/acme", "holds no cursors of user_log/acme: is it the directory of the file storage?"},
		"another name": {full, "user_log/acne", "holds no cursors of user_log/acne, but the files receiver_user_log_acme: is the receiver's name right?"},
		"in use":       {inUse, "user_log/acme", "receiver_user_log_acme: the file is in use: stop the collector first"},
		"no database":  {corrupt, "user_log/acme", "the file is damaged: move it away"},
		"scrambled":    {scrambled, "user_log/acme", "the file is damaged: move it away"},
		"cut":          {cut, "user_log/acme", "the file is damaged: move it away"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, args := range [][]string{{"show"}, {"export"}, {"reset", "--all", "--yes"}} {
				got := play(t, "", append([]string{"cursor", args[0], "--storage", test.dir, "--receiver", test.receiver}, args[1:]...)...)
				assert.Equal(t, statusFound, got.status, args)
				assert.Contains(t, got.errs, test.want, args)
				assert.Empty(t, got.out, args)
				assert.Equal(t, 1, strings.Count(got.errs, "\n"), args)
			}
		})
	}
}

func TestWrongUsageHasAStatusOfItsOwn(t *testing.T) {
	t.Parallel()
	c := acme(t, "https://acme.example.com")
	for want, args := range map[string][]string{
		"which command? `userlog cursor --help` lists them":  {"cursor"},
		`unknown command "nope" for "userlog"`:               {"nope"},
		"unknown flag: --nope":                               {"check", "--nope"},
		"which configuration? Name it with --config":         {"check"},
		"whose cursors? Name the configuration":              {"cursor", "show", "--storage", "x"},
		"it has to be a receiver user_log":                   {"cursor", "show", "--storage", "x", "--receiver", "otlp"},
		"has no receiver user_log/nobody, but user_log/acme": {"cursor", "show", "--config", c.file(t), "--receiver", "user_log/nobody"},
		"which logs? Name them, or use --all":                {"cursor", "reset", "--config", c.file(t)},
		"--since: write a time as in":                        {"cursor", "reset", "--config", c.file(t), "--all", "--since", "yesterday"},
		"--since: lies in the future":                        {"cursor", "reset", "--config", c.file(t), "--all", "--since", "2126-11-24T10:00:00Z"},
		"a log that begins with - is named after a --":       {"cursor", "reset", "--config", c.file(t), "-Khj"},
		"add --config": {"cursor", "reset", "--storage", "x", "--receiver", "user_log/acme", "--all", "--since", "2026-11-24T10:00:00Z"},
		"--show-users: the storage does not hold them": {"cursor", "show", "--storage", "x", "--receiver", "user_log/acme", "--show-users"},
		"--timeout: must be above 0":                   {"check", "--config", c.file(t), "--timeout", "0s"},
	} {
		got := play(t, "", args...)
		assert.Equal(t, statusUsage, got.status, want)
		assert.Contains(t, got.errs, want)
		assert.Empty(t, got.out, want)
	}
}

// Large cursors lie on several pages, of which the first says nothing of the others.
func TestFileThatIsCutAnywhereIsDamaged(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	fill(t, dir, "auth0", receiver)
	client := hold(t, dir, receiver)
	large := `{"v":1,"f":"5iOhwWPlmw1S_q88","c":"` + strings.Repeat("x", 12*os.Getpagesize()) + `"}`
	require.NoError(t, client.Set(t.Context(), "/v1/cursor/Zhj-jVkkX7JfbpQx", []byte(large)))
	require.NoError(t, client.Close(t.Context()))
	path := filepath.Join(dir, "receiver_user_log_acme")
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	used := len(bytes.TrimRight(whole, "\x00")) / os.Getpagesize()
	require.Greater(t, used, 12)
	for pages := range used {
		require.NoError(t, os.WriteFile(path, whole[:pages*os.Getpagesize()], 0o600))
		got := play(t, "", "cursor", "show", "--storage", dir, "--receiver", "user_log/acme")
		assert.Equal(t, statusFound, got.status, pages)
		assert.Contains(t, got.errs, "the file is damaged", pages)
	}
}
