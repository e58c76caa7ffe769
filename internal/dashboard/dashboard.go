// Package dashboard reads the Grafana dashboards of this repository, as far as tests look at them.
package dashboard

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Names are those of all dashboards, and of their files without .json.
func Names() []string { return []string{"identity-overview", "attack-view", "receiver-health"} }

// Dashboard is what Grafana imports.
type Dashboard struct {
	UID         string
	Title       string
	Description string
	Tags        []string
	Links       []Link
	Templating  struct{ List []Variable }
	Panels      []Panel
}

// Link leads to all dashboards with the tags.
type Link struct {
	Type string
	Tags []string
}

// Variable is a choice that stands as $NAME in queries.
type Variable struct {
	Name       string
	Label      string
	Type       string
	Query      any
	Datasource Datasource
}

// Panel is a picture of what its queries answer, or the heading over others.
type Panel struct {
	ID          int
	Type        string
	Title       string
	Description string
	Datasource  Datasource
	GridPos     Rectangle
	FieldConfig struct{ Defaults struct{ Unit string } }
	Targets     []Target
}

// Rectangle is a place on the grid, which is 24 columns wide.
type Rectangle struct{ X, Y, W, H int }

// Overlaps tells whether the two have a cell in common.
func (r Rectangle) Overlaps(o Rectangle) bool {
	return r.X < o.X+o.W && o.X < r.X+r.W && r.Y < o.Y+o.H && o.Y < r.Y+r.H
}

// Target is a query.
type Target struct {
	RefID      string
	Datasource Datasource
	Expr       string
	Instant    bool
	Range      bool
}

// Datasource is a kind of source, and which one.
type Datasource struct{ Type, UID string }

// Row tells whether the panel is a heading, which has no queries.
func (p Panel) Row() bool { return p.Type == "row" }

// Load reads a dashboard in a directory.
func Load(dir, name string) (Dashboard, error) {
	var d Dashboard
	content, err := os.ReadFile(filepath.Join(dir, name+".json"))
	if err != nil {
		return d, err
	}
	if err := json.Unmarshal(content, &d); err != nil {
		return d, fmt.Errorf("dashboard %s: %w", name, err)
	}
	return d, nil
}

// Fill puts values in the place of variables: each of pairs is the name of a variable, and after it its value. None of
// the names may be the beginning of a later one.
func (t Target) Fill(pairs ...string) string {
	with := make([]string, len(pairs))
	for i, text := range pairs {
		if with[i] = text; i%2 == 0 {
			with[i] = "$" + text
		}
	}
	return strings.NewReplacer(with...).Replace(t.Expr)
}
