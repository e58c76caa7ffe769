package kafka

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/userlog/userlog-otel/internal/backends/rig"
	"github.com/userlog/userlog-otel/internal/backends/rig/broker"
)

func TestEntriesOfATenantAreInOnePartitionInTheirOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.past(150)
	c := w.start()
	w.all(c)
	c.Stop()
	want := slices.Sorted(slices.Values(rig.IDs(t, w.clouds.Auth0.Entries(""))))
	assert.Equal(t, want, w.ids(), "once each, in the order of log_id, in which Auth0 gives them")
	records := w.broker.Records()
	for _, record := range records {
		assert.NotEmpty(t, record.Key)
		assert.Equal(t, records[0].Key, record.Key)
		assert.Equal(t, records[0].Partition, record.Partition)
	}
}

// A broker that has too few replicas in step refuses what acks=all asks for; the collector is killed meanwhile, too.
func TestNothingIsLostWhileTheBrokerRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.past(150)
	var refused atomic.Int32
	var accepts atomic.Bool
	w.broker.ControlKey(int16(kmsg.Produce), func(request kmsg.Request) (kmsg.Response, error, bool) {
		w.broker.KeepControl()
		produce := request.(*kmsg.ProduceRequest) //nolint:forcetypeassert // its key was asked for
		assert.EqualValues(t, -1, produce.Acks, "acks of all replicas")
		if accepts.Load() {
			return nil, nil, false
		}
		refused.Add(1)
		return refusal(produce, kerr.NotEnoughReplicas), nil, true
	})
	for range 2 {
		c := w.start()
		before := refused.Load()
		c.Until("the broker has refused", limit, func() bool { return refused.Load() > before })
		c.Kill()
	}
	c := w.start()
	accepts.Store(true)
	w.all(c)
	c.Stop()
}

// refusal says this of every partition of a request.
func refusal(produce *kmsg.ProduceRequest, why *kerr.Error) kmsg.Response {
	response := produce.ResponseKind().(*kmsg.ProduceResponse) //nolint:forcetypeassert // of this request
	for _, topic := range produce.Topics {
		t := kmsg.NewProduceResponseTopic()
		t.Topic, t.TopicID = topic.Topic, topic.TopicID
		for _, partition := range topic.Partitions {
			p := kmsg.NewProduceResponseTopicPartition()
			p.Partition, p.ErrorCode = partition.Partition, why.Code
			t.Partitions = append(t.Partitions, p)
		}
		response.Topics = append(response.Topics, t)
	}
	return response
}

// What is refused is not overtaken by what comes after it. One refusal is enough, and takes 5 seconds: that long the
// exporter's client waits before it asks who leads the partition now.
func TestTheOrderHoldsWhileTheBrokerRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.past(150)
	var requests atomic.Int32
	w.broker.ControlKey(int16(kmsg.Produce), func(request kmsg.Request) (kmsg.Response, error, bool) {
		w.broker.KeepControl()
		if requests.Add(1) > 1 {
			return nil, nil, false
		}
		return refusal(request.(*kmsg.ProduceRequest), kerr.NotEnoughReplicas), nil, true //nolint:forcetypeassert // its key was asked for
	})
	c := w.start()
	w.all(c)
	c.Stop()
	assert.Greater(t, requests.Load(), int32(1))
	want := slices.Sorted(slices.Values(rig.IDs(t, w.clouds.Auth0.Entries(""))))
	assert.Equal(t, want, w.ids())
}

func TestABrokerThatIsAwayCostsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.past(150)
	port := rig.FreePort(t)
	c := w.start("yaml:exporters::kafka::brokers: [127.0.0.1:" + port + "]")
	c.Until("the exporter has tried", limit, func() bool { return strings.Contains(c.Stderr(), "Will retry the request") })
	c.Kill()
	c = w.start() // the queue goes on where it was
	w.all(c)
	c.Stop()
}

func TestAWrongPasswordCostsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.past(20)
	w.broker = broker.NewWithPassword(t, topic, "collector", "right")
	const auth = "yaml:exporters::kafka::auth::sasl: {mechanism: PLAIN, username: collector, password: %s}"
	c := w.start(fmt.Sprintf(auth, "mistaken-password"))
	c.Until("the exporter has tried", limit, func() bool { return strings.Contains(c.Stderr(), "Will retry the request") })
	c.Stop()
	assert.NotContains(t, c.Stderr(), "mistaken-password")
	w.all(w.start(fmt.Sprintf(auth, "right")))
}

// Against this no queue helps, and the page says so.
func TestAMissingRightCostsEntriesAndIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.past(20)
	w.broker.ControlKey(int16(kmsg.Produce), func(request kmsg.Request) (kmsg.Response, error, bool) {
		return refusal(request.(*kmsg.ProduceRequest), kerr.TopicAuthorizationFailed), nil, true //nolint:forcetypeassert // its key was asked for
	})
	c := w.start()
	c.Until("the exporter gives up", limit, func() bool { return strings.Contains(c.Stderr(), "Dropping data") })
	c.Stop()
	assert.Empty(t, w.ids())
}

// A page of long entries is more than a message may hold: 100 of these are 1.6 MB.
func TestLongEntriesAreSplit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 100 {
		require.NoError(t, w.clouds.Auth0.Publish("", json.RawMessage(big(fmt.Sprintf("900202511071000000000000%06d", i), 16_000))))
	}
	c := w.start()
	w.all(c)
	c.Stop()
	records := w.broker.Records()
	assert.Greater(t, len(records), 1)
	for _, record := range records {
		assert.Less(t, len(record.Value), 1_000_000, "what producer.max_message_bytes allows")
	}
	assert.NotContains(t, c.Stderr(), "kafka record exceeds max message size")
}
