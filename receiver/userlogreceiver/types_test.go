package userlogreceiver

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/pdata/plog"

	emulator "github.com/userlog/userlog-otel/internal/emulator/auth0"
	"github.com/userlog/userlog-otel/internal/emulator/canvas"
	"github.com/userlog/userlog-otel/internal/emulator/kobil"
)

// publish starts an API with one entry of each type, and returns the block that reads them.
type publish func(t *testing.T, types []string) (block keys)

func publishAuth0(t *testing.T, types []string) keys {
	tenant, address := serve(t, emulator.Options{})
	for _, kind := range types {
		entry := strings.Replace(string(entryOf("900"+kind, time.Now())), `"type":"s"`, fmt.Sprintf(`"type":%q`, kind), 1)
		require.NoError(t, tenant.Publish(user, json.RawMessage(entry)))
	}
	return keys{"endpoint": address, "token": canary, "users": []any{user}}
}

func publishKOBIL(t *testing.T, types []string) keys {
	api := kobil.New(kobil.Options{})
	for i, kind := range types {
		entry := kobil.NewEntry("ada", int64(i+1), time.Now())
		entry.Action = kind
		require.NoError(t, api.Publish("ada", entry.JSON()))
	}
	_, address := recorded(t, api)
	return keys{"product": "ssms", "endpoint": address, "token": canary, "users": []any{"ada"}}
}

func publishCanvas(t *testing.T, types []string) keys {
	api := canvas.New(canvas.Options{})
	for _, kind := range types {
		api.Publish(canvas.Event{ID: "of " + kind, At: time.Now(), Type: kind, User: 3, Login: 5, Account: 1})
	}
	_, address := recorded(t, api)
	return keys{"endpoint": address, "token": canary, "accounts": []any{1}}
}

// meaning is what a record says of its entry's type.
type meaning struct {
	event, name, category, outcome string
	number                         plog.SeverityNumber
	severity                       string
}

// meanings are those of the records that arrived, by type.
func (r *rig) meanings() map[string]meaning {
	found := map[string]meaning{}
	for _, logs := range r.sink.AllLogs() {
		for _, record := range logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
			attributes := record.Attributes().AsRaw()
			text := func(name string) string {
				value, _ := attributes[name].(string)
				return value
			}
			found[text("user_log.type")] = meaning{
				record.EventName(), text("user_log.name"), text("user_log.category"), text("user_log.outcome"),
				record.SeverityNumber(), record.SeverityText(),
			}
		}
	}
	return found
}

// What types says of a key holds; of the others, what the table of the provider says.
func TestTypesReachTheRecordsOfEveryProvider(t *testing.T) {
	const (
		info, warn    = plog.SeverityNumberInfo, plog.SeverityNumberWarn
		first, second = plog.SeverityNumberError, plog.SeverityNumberError2
	)
	own := keys{"name": "Our own", "category": "token", "outcome": "failure", "severity": "ERROR2"}
	for provider, test := range map[string]struct {
		publish publish
		types   keys
		want    map[string]meaning
	}{
		"auth0": {
			publishAuth0,
			keys{
				"fp": own, "zz9": own, "f": keys{"severity": "ERROR"}, "fu": keys{"category": "protection"},
				"du": keys{"outcome": "success"}, "slo": keys{"name": "Gone"}, "zz8": keys{"outcome": "success"},
			},
			map[string]meaning{
				"fp":  {"auth0.fp", "Our own", "token", "failure", second, "ERROR2"},
				"zz9": {"auth0.zz9", "Our own", "token", "failure", second, "ERROR2"},
				"f":   {"auth0.f", "Failed Login", "login", "failure", first, "ERROR"},
				"fu":  {"auth0.fu", "Failed Login (Invalid Email or Username)", "protection", "failure", warn, "WARN"},
				"du":  {"auth0.du", "User Deleted", "admin", "success", info, "INFO"},
				"slo": {"auth0.slo", "Gone", "logout", "success", info, "INFO"},
				"zz8": {"auth0.zz8", "", "unknown", "success", info, "INFO"},
				"zz7": {"auth0.zz7", "", "unknown", "unknown", info, "INFO"},
				"s":   {"auth0.s", "Successful Login", "login", "success", info, "INFO"},
			},
		},
		"kobil": {
			publishKOBIL,
			keys{"13": own, "22": keys{"category": "login", "outcome": "failure", "severity": "WARN"}},
			map[string]meaning{
				"13": {"kobil.13", "Our own", "token", "failure", second, "ERROR2"},
				"22": {"kobil.22", "", "login", "failure", warn, "WARN"},
				"35": {"kobil.35", "", "unknown", "unknown", info, "INFO"},
			},
		},
		"canvas": {
			publishCanvas,
			keys{"login": own, "logout": keys{"name": "Gone"}, "api_login": keys{"category": "login", "outcome": "success"}},
			map[string]meaning{
				"login":     {"canvas.login", "Our own", "token", "failure", second, "ERROR2"},
				"logout":    {"canvas.logout", "Gone", "logout", "success", info, "INFO"},
				"api_login": {"canvas.api_login", "", "login", "success", info, "INFO"},
				"corrupted": {"canvas.corrupted", "", "unknown", "unknown", info, "INFO"},
			},
		},
	} {
		t.Run(provider, func(t *testing.T) {
			types := slices.Sorted(maps.Keys(test.want))
			r := start(t, of(t, keys{"types": test.types, provider: test.publish(t, types)}), componenttest.NewNopHost())
			r.eventually(func() bool { return r.sink.LogRecordCount() >= len(test.want) }, "all arrive")
			assert.Equal(t, test.want, r.meanings())
		})
	}
}
