package userlogreceiver

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pipeline"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receivertest"

	emulator "github.com/userlog/userlog-otel/internal/emulator/auth0"
)

// generator publishes entries into an emulated tenant, a new one for every scenario.
type generator struct {
	t      *testing.T
	tenant atomic.Pointer[emulator.Tenant]
	n      atomic.Int64
}

func (g *generator) Start() {}
func (g *generator) Stop()  { g.tenant.Store(emulator.New(emulator.Options{})) }

func (g *generator) Generate() []receivertest.UniqueIDAttrVal {
	id := fmt.Sprintf("900%053d", g.n.Add(1))
	require.NoError(g.t, g.tenant.Load().Publish(user, entryOf(id, time.Now())))
	return []receivertest.UniqueIDAttrVal{receivertest.UniqueIDAttrVal(id)}
}

// named makes receivers whose records carry their id where the checker looks for it.
func named() receiver.Factory {
	inner := NewFactory()
	return receiver.NewFactory(inner.Type(), inner.CreateDefaultConfig, receiver.WithLogs(
		func(ctx context.Context, set receiver.Settings, cfg component.Config, next consumer.Logs) (receiver.Logs, error) {
			naming, err := consumer.NewLogs(func(ctx context.Context, logs plog.Logs) error {
				records := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
				for i := range records.Len() {
					id, _ := records.At(i).Attributes().Get("log.record.uid")
					records.At(i).Attributes().PutStr(receivertest.UniqueIDAttrName, id.Str())
				}
				return next.ConsumeLogs(ctx, logs)
			}, consumer.WithCapabilities(consumer.Capabilities{MutatesData: true}))
			if err != nil {
				return nil, err
			}
			return inner.CreateLogs(ctx, set, cfg, naming)
		}, inner.LogsStability()))
}

// The checker takes every record that was once in a batch refused for good as dropped. With more than one record on a page
// the receiver looks for the one that was meant, which the checker does not know of; deliver has tests of that.
func TestTheContractWithTheNextConsumerIsKept(t *testing.T) {
	g := &generator{t: t}
	g.Stop()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { g.tenant.Load().ServeHTTP(w, r) }))
	defer server.Close()
	receivertest.CheckConsumeContract(receivertest.CheckConsumeContractParams{
		T:       t,
		Factory: named(),
		Signal:  pipeline.SignalLogs,
		Config: configured(t, server.URL, map[string]any{
			"collection_interval": "1ms",
			"auth0":               map[string]any{"page_size": 1},
		}),
		Generator:     g,
		GenerateCount: 300,
	})
}
