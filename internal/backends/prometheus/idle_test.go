package prometheus

import (
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/processor/deltatocumulativeprocessor"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/userlog/userlog-otel/internal/backends/rig"
)

// At night nobody logs in: what was counted in the evening counts in the morning, with the example's max_stale, and not
// with the processor's own.
func TestACountOutlastsAnIdleNight(t *testing.T) {
	for name, test := range map[string]struct {
		settings map[string]any
		want     int64
	}{
		"the example":    {settingsOf(t, "processors::delta_to_cumulative"), 43},
		"the default 5m": {map[string]any{}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				factory := deltatocumulativeprocessor.NewFactory()
				config := factory.CreateDefaultConfig()
				require.NoError(t, confmap.NewFromStringMap(test.settings).Unmarshal(config))
				sink := new(consumertest.MetricsSink)
				processor, err := factory.CreateMetrics(t.Context(), processortest.NewNopSettings(factory.Type()), config, sink)
				require.NoError(t, err)
				require.NoError(t, processor.Start(t.Context(), componenttest.NewNopHost()))
				for _, count := range []int64{20, 20, 3} {
					if count == 3 {
						time.Sleep(12 * time.Hour) // of the fake clock
					}
					time.Sleep(time.Second)
					require.NoError(t, processor.ConsumeMetrics(t.Context(), delta(count)))
				}
				require.NoError(t, processor.Shutdown(t.Context()))
				last := sink.AllMetrics()[2].ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().At(0)
				assert.Equal(t, test.want, last.Sum().DataPoints().At(0).IntValue())
			})
		})
	}
}

// A counter that is no longer shown would begin anew, too.
func TestCountersAreShownAsLongAsTheyAreKept(t *testing.T) {
	t.Parallel()
	kept := settingsOf(t, "processors::delta_to_cumulative")["max_stale"]
	assert.Equal(t, kept, settingsOf(t, "exporters::prometheus")["metric_expiration"])
}

// settingsOf are those of a component in the example.
func settingsOf(t *testing.T, component string) map[string]any {
	t.Helper()
	content, err := os.ReadFile(rig.Example(t, "prometheus"))
	require.NoError(t, err)
	retrieved, err := confmap.NewRetrievedFromYAML(content)
	require.NoError(t, err)
	all, err := retrieved.AsConf()
	require.NoError(t, err)
	settings, err := all.Sub(component)
	require.NoError(t, err)
	require.NotEmpty(t, settings.AllKeys())
	return settings.ToStringMap()
}

// delta is what the connector makes of some entries after the example's statement.
func delta(count int64) pmetric.Metrics {
	metrics := pmetric.NewMetrics()
	metric := metrics.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty().Metrics().AppendEmpty()
	metric.SetName("user_log.entries")
	sum := metric.SetEmptySum()
	sum.SetIsMonotonic(true)
	sum.SetAggregationTemporality(pmetric.AggregationTemporalityDelta)
	point := sum.DataPoints().AppendEmpty()
	point.SetIntValue(count)
	point.SetStartTimestamp(pcommon.NewTimestampFromTime(time.Now()))
	point.SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
	return metrics
}
