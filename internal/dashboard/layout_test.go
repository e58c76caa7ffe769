package dashboard_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/dashboard"
)

const dir = "../../dashboards"

// each runs a test on every dashboard.
func each(t *testing.T, test func(*testing.T, dashboard.Dashboard)) {
	t.Helper()
	for _, name := range dashboard.Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, err := dashboard.Load(dir, name)
			require.NoError(t, err)
			test(t, d)
		})
	}
}

// Nothing else is there: people copy all of the directory's files to Grafana.
func TestNamesAreAllDashboards(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	require.NoError(t, err)
	var names []string
	for _, file := range files {
		names = append(names, strings.TrimSuffix(filepath.Base(file), ".json"))
	}
	assert.ElementsMatch(t, dashboard.Names(), names)
}

func TestDashboardsFindEachOther(t *testing.T) {
	t.Parallel()
	uids, titles := map[string]bool{}, map[string]bool{}
	for _, name := range dashboard.Names() {
		d, err := dashboard.Load(dir, name)
		require.NoError(t, err)
		assert.Regexp(t, `^userlog-[a-z]+$`, d.UID)
		assert.NotEmpty(t, d.Description, name)
		assert.Contains(t, d.Tags, "userlog", name)
		assert.Equal(t, []dashboard.Link{{Type: "dashboards", Tags: []string{"userlog"}}}, d.Links, name)
		assert.False(t, uids[d.UID] || titles[d.Title], "%s: uid or title of another", name)
		uids[d.UID], titles[d.Title] = true, true
	}
}

func TestPanelsSayWhatTheyShow(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d dashboard.Dashboard) {
		ids := map[int]bool{}
		for _, p := range d.Panels {
			assert.NotEmpty(t, p.Title, p.ID)
			assert.Positive(t, p.ID, p.Title)
			assert.False(t, ids[p.ID], "%s: the id of another", p.Title)
			ids[p.ID] = true
			if p.Row() {
				continue
			}
			assert.Regexp(t, `(?s)^[A-Z].*\.$`, p.Description, p.Title)
			assert.NotEmpty(t, p.FieldConfig.Defaults.Unit, p.Title)
			assert.NotEmpty(t, p.Targets, p.Title)
		}
	})
}

func TestPanelsFillTheGridWithoutOverlap(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d dashboard.Dashboard) {
		cells := map[int]int{} // by line of the grid
		for i, p := range d.Panels {
			assert.True(t, p.GridPos.X >= 0 && p.GridPos.X+p.GridPos.W <= 24, "%s reaches out of the grid", p.Title)
			assert.True(t, p.GridPos.W > 0 && p.GridPos.H > 0, "%s has no size", p.Title)
			for _, other := range d.Panels[:i] {
				assert.False(t, p.GridPos.Overlaps(other.GridPos), "%s lies over %s", p.Title, other.Title)
			}
			for y := range p.GridPos.H {
				cells[p.GridPos.Y+y] += p.GridPos.W
			}
		}
		for y := range cells {
			assert.Equal(t, 24, cells[y], "columns in use in line %d", y)
		}
	})
}

func TestOverlaps(t *testing.T) {
	t.Parallel()
	r := dashboard.Rectangle{X: 4, Y: 4, W: 4, H: 4}
	for other, want := range map[dashboard.Rectangle]bool{
		{X: 8, Y: 4, W: 4, H: 4}: false, {X: 0, Y: 4, W: 4, H: 4}: false, {X: 4, Y: 8, W: 4, H: 4}: false, {X: 4, Y: 0, W: 4, H: 4}: false,
		{X: 7, Y: 7, W: 1, H: 1}: true, {X: 0, Y: 0, W: 5, H: 5}: true, {X: 5, Y: 5, W: 1, H: 1}: true, {X: 0, Y: 0, W: 24, H: 24}: true,
	} {
		assert.Equal(t, want, r.Overlaps(other), other)
	}
}

// Nobody's data source is called as ours.
func TestTheDataSourceIsChosen(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d dashboard.Dashboard) {
		require.Equal(t, "datasource", d.Templating.List[0].Type)
		require.Equal(t, "datasource", d.Templating.List[0].Name)
		want := dashboard.Datasource{Type: d.Templating.List[0].Query.(string), UID: "$datasource"}
		assert.Contains(t, []string{"loki", "prometheus"}, want.Type)
		for _, v := range d.Templating.List {
			assert.NotEmpty(t, v.Label, v.Name)
			if v.Type == "query" {
				assert.Equal(t, want, v.Datasource, v.Name)
			}
		}
		for _, p := range d.Panels {
			refs := map[string]bool{}
			for _, target := range p.Targets {
				assert.Equal(t, want, target.Datasource, p.Title)
				assert.Equal(t, want, p.Datasource, p.Title)
				assert.NotEqual(t, target.Instant, target.Range, p.Title)
				assert.False(t, refs[target.RefID], "%s: two queries %s", p.Title, target.RefID)
				refs[target.RefID] = true
			}
		}
	})
}

func TestLoadTellsWhatItCannotRead(t *testing.T) {
	t.Parallel()
	_, err := dashboard.Load(dir, "none")
	require.ErrorIs(t, err, os.ErrNotExist)
	broken := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(broken, "half.json"), []byte(`{"uid": `), 0o600))
	_, err = dashboard.Load(broken, "half")
	require.ErrorContains(t, err, "dashboard half: ")
}

func TestFillPutsValuesInThePlaceOfVariables(t *testing.T) {
	t.Parallel()
	target := dashboard.Target{Expr: `rate({a=~"$instance"}[$__range]) / $unknown`}
	assert.Equal(t, `rate({a=~".+"}[1h]) / $unknown`, target.Fill("instance", ".+", "__range", "1h"))
}
