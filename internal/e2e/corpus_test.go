//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator"
	"github.com/userlog/userlog-otel/internal/emulator/auth0"
)

// corpus is where published entries of real tenants lie, next to the project.
var corpus = filepath.Join("..", "..", "..", "shared", "corpus", "auth0", "events")

// lifetime is a lookback that reaches behind every entry of the corpus.
const lifetime = "219000h"

// readCorpus returns the entries by file.
func readCorpus(t *testing.T) map[string][]json.RawMessage {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(corpus, "*.ndjson"))
	require.NoError(t, err)
	if len(paths) == 0 {
		t.Skip("the collection of real entries is not there (../shared/corpus/auth0/events from the project's root)")
	}
	files := map[string][]json.RawMessage{}
	for _, path := range paths {
		file, err := os.Open(path)
		require.NoError(t, err)
		files[filepath.Base(path)], err = emulator.ReadNDJSON(file)
		file.Close()
		require.NoError(t, err, filepath.Base(path))
	}
	return files
}

// publishCorpus puts each file in the log of a user of its own, and returns the users. Several files hold entries that
// were published edited, with the id of the original; as a tenant gives an id once, the n-th entry with an id goes to
// the n-th user of its file.
func publishCorpus(t *testing.T, r *rig, files map[string][]json.RawMessage) []string {
	t.Helper()
	var users []string
	for name, entries := range files {
		seen := map[string]int{}
		for _, raw := range entries {
			uid := uidOf(raw)
			if uid != "" {
				seen[uid]++
			}
			user := fmt.Sprintf("auth0|%s/%d", name, seen[uid])
			require.NoError(t, r.tenant.Publish(user, raw))
			if !slices.Contains(users, user) {
				users = append(users, user)
			}
		}
	}
	return users
}

func TestRealEntriesArriveOnceAndUnaltered(t *testing.T) {
	t.Parallel()
	files := readCorpus(t)
	for name, overlap := range map[string]string{"default overlap": "10m", "every read overlaps all": lifetime} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, auth0.Options{})
			users := publishCorpus(t, r, files)
			r.users(users...)
			r.receiver["initial_lookback"], r.receiver["overlap"] = lifetime, overlap
			r.auth0["page_size"] = 7 // several pages for most files
			wanted := map[string]json.RawMessage{}
			for _, entries := range files {
				for _, raw := range entries {
					wanted[string(raw)] = raw
				}
			}
			began := time.Now()
			c := r.start()
			c.until("as many records as entries arrive", waitLimit, func() bool { return len(r.sink.all()) >= len(wanted) })
			r.cycles(c, 5, users...)
			c.stopWell()

			all := r.sink.all()
			t.Logf("%d entries of %d files in the logs of %d users, %d records, %d requests",
				len(wanted), len(files), len(users), len(all), len(r.logRequests()))
			var unwanted []string
			for _, a := range all {
				raw, known := wanted[a.body()]
				if !known {
					unwanted = append(unwanted, a.uid)
					continue
				}
				delete(wanted, a.body())
				assertRecord(t, readEntry(t, raw), a, began, time.Now())
				assertOrigin(t, r, a)
			}
			assert.Empty(t, some(unwanted), "ids of records that came twice, or whose body is none of the entries")
			for body := range wanted {
				assert.Fail(t, "an entry never arrived", "%.300s", body)
			}
		})
	}
}

// assertOrigin looks at what all records have in common.
func assertOrigin(t *testing.T, r *rig, a arrival) {
	t.Helper()
	endpoint, err := url.Parse(r.api.URL)
	require.NoError(t, err)
	assert.Equal(t, map[string]any{"service.name": "auth0", "service.instance.id": endpoint.Host}, a.resource.Attributes().AsRaw())
	assert.Equal(t, "github.com/userlog/userlog-otel/receiver/userlogreceiver", a.scope.Name())
}

// TestOneEntryListedTwiceArrivesOnce puts the versions of an entry that carry one id in one log.
func TestOneEntryListedTwiceArrivesOnce(t *testing.T) {
	t.Parallel()
	versions := map[string][]json.RawMessage{}
	for _, entries := range readCorpus(t) {
		for _, raw := range entries {
			versions[uidOf(raw)] = append(versions[uidOf(raw)], raw)
		}
	}
	const user = "auth0|twice"
	r := newRig(t, auth0.Options{})
	r.users(user)
	r.receiver["initial_lookback"], r.receiver["overlap"] = lifetime, lifetime
	twice := 0
	for uid, list := range versions {
		if uid == "" || len(list) < 2 {
			continue
		}
		twice++
		require.NoError(t, r.tenant.Publish(user, list...))
		t.Logf("%s: %d versions; %s", uid, len(list), difference(t, list[0], list[1]))
	}
	require.Positive(t, twice)
	c := r.start()
	c.until("each id arrives", waitLimit, func() bool { return r.sink.distinct() >= twice })
	r.cycles(c, 5, user)
	c.stopWell()
	require.Equal(t, twice, len(r.sink.all()), "records") //nolint:testifylint // Len would print them all
	for _, a := range r.sink.all() {
		assert.True(t, slices.ContainsFunc(versions[a.uid], func(raw json.RawMessage) bool { return string(raw) == a.body() }), a.uid)
	}
}

// difference names the members in which two entries differ.
func difference(t *testing.T, a, b json.RawMessage) string {
	t.Helper()
	var one, other map[string]any
	require.NoError(t, json.Unmarshal(a, &one))
	require.NoError(t, json.Unmarshal(b, &other))
	var names []string
	for name := range one {
		if !reflect.DeepEqual(one[name], other[name]) {
			names = append(names, name)
		}
	}
	for name := range other {
		if _, ok := one[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return fmt.Sprintf("the first two differ in [%s]", strings.Join(names, " "))
}
