package dashboards_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/backends/rig"
	"github.com/userlog/userlog-otel/internal/dashboard"
)

// answersVariable names the directory that gets what the dashboards show, for pictures. Without it nothing is written.
const answersVariable = "DASHBOARD_ANSWERS"

// answers are what a dashboard shows. Times are in milliseconds since 1970.
type answers struct {
	From, To, Interval int64
	// Panels are the answers to the queries of a panel, by its id and theirs.
	Panels map[int]map[string]answer
}

// answer has either series or lines.
type answer struct {
	Series []*series `json:",omitempty"`
	Lines  []line    `json:",omitempty"`
}

type series struct {
	Labels map[string]string
	Points [][2]float64 // time and value
}

type line struct {
	Time int64
	Text string
}

// askAll requires that every query of a dashboard returns something, and keeps it. lines answers those that do not ask for
// numbers.
func askAll(t *testing.T, name string, v view, lines func(query string) []rig.Line) {
	t.Helper()
	d := load(t, name)
	all := answers{v.from.UnixMilli(), v.to.UnixMilli(), v.interval.Milliseconds(), map[int]map[string]answer{}}
	for _, p := range d.Panels {
		panel := map[string]answer{}
		for _, target := range p.Targets {
			var a answer
			if p.Type == "logs" {
				a.Lines = written(lines(v.fill(target)))
			} else {
				a.Series = grouped(v.values(target))
			}
			assert.Positive(t, len(a.Series)+len(a.Lines), "%s: %s: no data: %s", name, p.Title, v.fill(target))
			panel[target.RefID] = a
		}
		all.Panels[p.ID] = panel
	}
	if into := os.Getenv(answersVariable); into != "" {
		content, err := json.Marshal(all)
		require.NoError(t, err)
		require.NoError(t, os.MkdirAll(into, 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(into, name+".json"), content, 0o600))
	}
}

// grouped puts the samples of a series together, which follow each other.
func grouped(samples []rig.Sample) (all []*series) {
	for _, sample := range samples {
		if len(all) == 0 || !maps.Equal(all[len(all)-1].Labels, sample.Labels) {
			all = append(all, &series{Labels: sample.Labels})
		}
		last := all[len(all)-1]
		last.Points = append(last.Points, [2]float64{float64(sample.Time.UnixMilli()), sample.Value})
	}
	return all
}

func written(lines []rig.Line) (all []line) {
	for _, one := range lines {
		all = append(all, line{one.Time.UnixMilli(), one.Text})
	}
	return all
}

// Every query is asked: what is forgotten here is forgotten by the tests with data, too.
func TestLogsPanelsAreTheOnlyOnesWithoutNumbers(t *testing.T) {
	t.Parallel()
	for _, name := range dashboard.Names() {
		for _, p := range load(t, name).Panels {
			assert.Contains(t, []string{"row", "stat", "bargauge", "timeseries", "logs"}, p.Type, "%s: %s", name, p.Title)
		}
	}
}
