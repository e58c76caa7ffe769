package loki_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// fact is what the test knows of an entry, read from the entry and not from the records.
type fact struct {
	service, instance string
	at                time.Time
	kind              string // the code of the system
	user, name        string
	address, country  string
}

// facts are those of all entries of the clouds.
func (w *world) facts() []fact {
	w.t.Helper()
	var all []fact
	instances := map[string]string{}
	for _, variable := range w.clouds.Env {
		if name, value, _ := strings.Cut(variable, "_ENDPOINT="); value != "" {
			instances[strings.ToLower(name)] = strings.TrimPrefix(value, "http://")
		}
	}
	for service, entries := range w.clouds.Entries() {
		for _, entry := range entries {
			f := readFact(w.t, entry)
			f.service, f.instance = service, instances[service]
			all = append(all, f)
		}
	}
	return all
}

// readFact reads an entry of any of the systems.
func readFact(t *testing.T, entry json.RawMessage) fact {
	t.Helper()
	var e struct {
		// Auth0
		Date     time.Time
		Type     string
		IP       string
		UserID   string `json:"user_id"`
		UserName string `json:"user_name"`
		Location struct {
			Country string `json:"country_code"`
		} `json:"location_info"`
		// KOBIL
		LogDate json.Number
		Action  json.Number
		KOBILID string `json:"userId"`
		// Canvas
		CreatedAt time.Time `json:"created_at"`
		EventType string    `json:"event_type"`
		Links     struct{ User json.Number }
	}
	require.NoError(t, json.Unmarshal(entry, &e), "%s", entry)
	f := fact{
		at: e.Date, kind: e.Type + string(e.Action) + e.EventType, user: e.UserID + e.KOBILID + string(e.Links.User),
		name: e.UserName, address: e.IP, country: e.Location.Country,
	}
	switch {
	case e.LogDate != "":
		seconds, err := e.LogDate.Int64()
		require.NoError(t, err)
		f.at = time.Unix(seconds, 0)
	case !e.CreatedAt.IsZero():
		f.at = e.CreatedAt
	}
	return f
}

// count is how many facts of a span that ends now fulfil a condition, by what key makes of them. Facts without a key are
// left out.
func count(facts []fact, now time.Time, span time.Duration, condition func(fact) bool, key func(fact) string) map[string]float64 {
	counts := map[string]float64{}
	for _, f := range facts {
		if f.at.After(now.Add(-span)) && !f.at.After(now) && condition(f) && key(f) != "" {
			counts[key(f)]++
		}
	}
	return counts
}

// kinds is a condition: the code is one of these.
func kinds(codes ...string) func(fact) bool {
	return func(f fact) bool { return slices.Contains(codes, f.kind) }
}
