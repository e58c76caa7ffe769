// Package ocsf tests the example that writes events of the Open Cybersecurity Schema Framework to Kafka.
package ocsf

import (
	"encoding/json"
	"flag"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/userlog/userlog-otel/internal/backends/rig"
)

var update = flag.Bool("update", false, "write the golden events")

// events are those that the example makes of one entry of each kind, by service and type, as a client reads them.
func events(t *testing.T) map[string]json.RawMessage {
	t.Helper()
	const topic = "ocsf"
	broker, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(1, topic))
	require.NoError(t, err)
	t.Cleanup(broker.Close)
	client, err := kgo.NewClient(kgo.SeedBrokers(broker.ListenAddrs()...), kgo.ConsumeTopics(topic),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	require.NoError(t, err)
	t.Cleanup(client.Close)
	clouds := rig.NewClouds(t, 1, 3)
	clouds.Kinds(t)
	want := 0
	for _, entries := range clouds.Entries() {
		want += len(entries)
	}
	c := rig.Start(t, t.TempDir(), append(slices.Clone(clouds.Env), "KAFKA_BROKER="+broker.ListenAddrs()[0]), rig.AllSystems(t, "ocsf")...)
	var records []*kgo.Record
	c.Until("every entry is an event", time.Minute, func() bool {
		records = append(records, client.PollRecords(nil, 0).Records()...) // a nil context: what is there, without waiting
		return len(records) >= want
	})
	c.Stop()
	assert.NotContains(t, c.Stderr(), "failed to execute statement")
	all := map[string]json.RawMessage{}
	for _, record := range records {
		text := string(record.Value)
		for _, service := range []string{"auth0", "kobil", "canvas"} {
			text = strings.ReplaceAll(text, clouds.Host(service), service+".example.com")
		}
		e := read(t, []byte(text))
		all[path.Join(e.Metadata.Product.Name, e.Metadata.EventCode)] = json.RawMessage(text)
	}
	require.Len(t, all, want, "one entry of each kind")
	return all
}

func TestEvents(t *testing.T) {
	t.Parallel()
	for kind, document := range events(t) {
		rig.Golden(t, *update, kind, document)
		check(t, kind, document)
	}
}

// Which class and activity an entry becomes is what rules are written on.
func TestClasses(t *testing.T) {
	t.Parallel()
	want := map[string]int{
		"auth0/s": 300201, "auth0/fp": 300201, "auth0/fu": 300201, "auth0/slo": 300202, "auth0/gd_auth_failed": 300299,
		"auth0/seacft": 300299, "auth0/limit_wc": 300299,
		"auth0/ss": 300701, "auth0/scp": 300708, "auth0/sv": 300702, "auth0/sdu": 300703,
		"auth0/sapi": 600304, "auth0/mgmt_api_read": 600302, "auth0/organization_member_added": 300499,
		"auth0/seccft": 99, "auth0/limit_mu": 99, "auth0/fn": 99, "auth0/type_of_tomorrow": 99,
		"kobil/13": 300201, "kobil/35": 300702, "kobil/99": 99,
		"canvas/login": 300201, "canvas/logout": 300202,
	}
	got := map[string]int{}
	for kind, document := range events(t) {
		got[kind] = read(t, document).TypeUID
	}
	assert.Equal(t, want, got)
}
