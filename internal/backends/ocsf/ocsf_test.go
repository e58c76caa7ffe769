// Package ocsf tests the example that writes events of the Open Cybersecurity Schema Framework to Kafka.
package ocsf

import (
	"encoding/json"
	"flag"
	"path"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/backends/rig"
	"github.com/userlog/userlog-otel/internal/backends/rig/broker"
)

var update = flag.Bool("update", false, "write the golden events")

// events are those that the example makes of the clouds' entries, as a client reads them. Each tenant's are in one
// partition.
func events(t *testing.T, clouds *rig.Clouds) []json.RawMessage {
	t.Helper()
	topic := broker.New(t, "ocsf", 4)
	want := 0
	for _, entries := range clouds.Entries() {
		want += len(entries)
	}
	c := rig.Start(t, t.TempDir(), append(slices.Clone(clouds.Env), topic.Env()), rig.AllSystems(t, "ocsf")...)
	c.Until("every entry is an event", time.Minute, func() bool { return len(topic.Records()) >= want })
	c.Stop()
	assert.NotContains(t, c.Stderr(), "failed to execute statement")
	var all []json.RawMessage
	partitions := map[string]int32{}
	for _, record := range topic.Records() {
		all = append(all, clouds.Rename(record.Value))
		tenant := read(t, record.Value).Metadata.Tenant
		require.NotEmpty(t, tenant)
		if partition, seen := partitions[tenant]; seen {
			assert.Equal(t, partition, record.Partition, tenant)
		}
		partitions[tenant] = record.Partition
	}
	require.Len(t, all, want)
	return all
}

// kinds are the events of one entry of each kind, by service and type.
func kinds(t *testing.T) map[string]json.RawMessage {
	t.Helper()
	clouds := rig.NewClouds(t, 1, 3)
	clouds.Kinds(t)
	all := map[string]json.RawMessage{}
	for _, document := range events(t, clouds) {
		e := read(t, document)
		all[path.Join(e.Metadata.Product.Name, e.Metadata.EventCode)] = document
	}
	return all
}

func TestEvents(t *testing.T) {
	t.Parallel()
	for kind, document := range kinds(t) {
		rig.Golden(t, *update, kind, document)
		check(t, kind, document)
	}
}

// Whatever people and attackers do in a day becomes an event of its class.
func TestEventsOfADay(t *testing.T) {
	t.Parallel()
	clouds, now := rig.NewClouds(t, 5, 40), time.Now()
	clouds.Past(t, now.Add(-12*time.Hour), now.Add(-time.Minute), 400)
	for _, document := range events(t, clouds) {
		check(t, string(document), document)
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
	for kind, document := range kinds(t) {
		got[kind] = read(t, document).TypeUID
	}
	assert.Equal(t, want, got)
}
