package dashboards_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/backends/rig"
	"github.com/userlog/userlog-otel/internal/dashboard"
)

// dir is where the dashboards are.
const dir = "../../../dashboards"

// source answers queries.
type source interface {
	Instant(query string, at time.Time) []rig.Sample
	Range(query string, from, to time.Time, step time.Duration) []rig.Sample
}

// view is what somebody looks at a dashboard with.
type view struct {
	source   source
	from, to time.Time
	// interval is the value of $interval.
	interval time.Duration
}

func load(t *testing.T, name string) dashboard.Dashboard {
	t.Helper()
	d, err := dashboard.Load(dir, name)
	require.NoError(t, err)
	return d
}

// fill puts what is chosen into a query: everything there is, as Grafana does with the choice All.
func (v view) fill(target dashboard.Target) string {
	return target.Fill(
		"service_instance_id", ".+", "instance", ".+", "receiver", ".+",
		"__range", seconds(v.to.Sub(v.from)), "__rate_interval", seconds(4*v.interval), "interval", seconds(v.interval),
	)
}

// seconds writes a duration as Grafana does, in whole seconds.
func seconds(d time.Duration) string { return fmt.Sprintf("%.0fs", d.Seconds()) }

// values are the answers to a query of numbers.
func (v view) values(target dashboard.Target) []rig.Sample {
	if target.Instant {
		return v.source.Instant(v.fill(target), v.to)
	}
	return v.source.Range(v.fill(target), v.from.Add(v.interval), v.to, v.interval)
}

// panel is the panel of this kind and title.
func panel(t *testing.T, d dashboard.Dashboard, kind, title string) dashboard.Panel {
	t.Helper()
	for _, p := range d.Panels {
		if p.Type == kind && p.Title == title {
			return p
		}
	}
	require.FailNow(t, "no such panel", "%s %s", kind, title)
	return dashboard.Panel{}
}

// only is the answers to the only query of a panel.
func (v view) only(t *testing.T, d dashboard.Dashboard, kind, title string) []rig.Sample {
	t.Helper()
	targets := panel(t, d, kind, title).Targets
	require.Len(t, targets, 1, title)
	return v.values(targets[0])
}

// number is the only value of a panel.
func (v view) number(t *testing.T, d dashboard.Dashboard, title string) float64 {
	t.Helper()
	samples := v.only(t, d, "stat", title)
	require.Len(t, samples, 1, title)
	return samples[0].Value
}
