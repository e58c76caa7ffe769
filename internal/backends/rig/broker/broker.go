// Package broker is a Kafka broker in the process of a test, read by a real client.
package broker

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/plain"
)

// pause is how long a look at the topic waits for more.
const pause = 50 * time.Millisecond

// Broker is a broker with one topic, and what was read from it so far. It is not safe for concurrent use.
type Broker struct {
	*kfake.Cluster

	t       *testing.T
	client  *kgo.Client
	records []*kgo.Record
}

// New starts a broker on loopback, with a topic of this many partitions. It ends with the test.
func New(t *testing.T, topic string, partitions int32) *Broker {
	t.Helper()
	return start(t, topic, []kfake.Opt{kfake.SeedTopics(partitions, topic)})
}

// NewWithPassword is a broker, with one partition, that takes this user and password only, by PLAIN.
func NewWithPassword(t *testing.T, topic, user, password string) *Broker {
	t.Helper()
	return start(t, topic, []kfake.Opt{kfake.SeedTopics(1, topic), kfake.EnableSASL(), kfake.Superuser("PLAIN", user, password)},
		kgo.SASL(plain.Auth{User: user, Pass: password}.AsMechanism()))
}

func start(t *testing.T, topic string, options []kfake.Opt, reader ...kgo.Opt) *Broker {
	t.Helper()
	cluster, err := kfake.NewCluster(append(options, kfake.NumBrokers(1))...)
	require.NoError(t, err)
	t.Cleanup(cluster.Close)
	client, err := kgo.NewClient(append(reader, kgo.SeedBrokers(cluster.ListenAddrs()...), kgo.ConsumeTopics(topic),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))...)
	require.NoError(t, err)
	t.Cleanup(client.Close)
	return &Broker{Cluster: cluster, t: t, client: client}
}

// Env is what the examples read of it, NAME=value.
func (b *Broker) Env() string { return "KAFKA_BROKER=" + b.ListenAddrs()[0] }

// Records are all that are in the topic, those of one partition in their order.
func (b *Broker) Records() []*kgo.Record {
	b.t.Helper()
	for {
		ctx, cancel := context.WithTimeout(b.t.Context(), pause)
		more := b.client.PollRecords(ctx, 0).Records()
		cancel()
		if len(more) == 0 {
			return b.records
		}
		b.records = append(b.records, more...)
	}
}
