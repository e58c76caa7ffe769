package userlogcursor

import (
	"context"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/checkpoint"
	"github.com/userlog/userlog-otel/receiver/internal/provider/auth0"
	"github.com/userlog/userlog-otel/receiver/internal/provider/canvas"
	"github.com/userlog/userlog-otel/receiver/internal/provider/kobil"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// Log is what is stored of one log.
type Log struct {
	// ID is what stands for the log in the storage: a hash of whose it is.
	ID string `json:"log"`
	// Name is whose log it is, if that may be told and is known.
	Name string `json:"name,omitempty"`
	// Begins is set as long as nothing was read: entries are wanted from then on.
	Begins *time.Time `json:"begins,omitempty"`
	// Newest is the date of the newest entry accepted or, of KOBIL, when it was read.
	Newest *time.Time `json:"newest_entry,omitempty"`
	// Marks counts the accepted entries that are remembered one by one, because they can be met again.
	Marks   int `json:"marks"`
	Version int `json:"version"`
	// Size is in bytes, of the key and the value.
	Size int `json:"size"`
	// Foreign is set if it is known that the cursor belongs to another source, and is not used.
	Foreign bool   `json:"foreign,omitempty"`
	Problem string `json:"problem,omitempty"`
}

// Names says whose logs there are, by what stands for them in the storage.
type Names map[string]string

// NamesOf makes names of the subjects of a source.
func NamesOf(subjects []source.Subject) Names {
	names := make(Names, len(subjects))
	for _, subject := range subjects {
		names[checkpoint.HashOf(subject)] = string(subject)
	}
	return names
}

// Show says what is stored. Names may be nil. The fingerprint is that of the source whose cursors they should be, empty if
// it is not known.
func Show(ctx context.Context, client Client, names Names, fingerprint string) ([]Log, error) {
	all, problems, err := load(ctx, client)
	if err != nil {
		return nil, err
	}
	logs := []Log{}
	for _, one := range all {
		if one.Log == "" {
			continue
		}
		l := Log{ID: one.Log, Name: names[one.Log], Version: one.Version, Size: len(one.Key) + len(one.Value)}
		err := problems[one.Key]
		if err == nil {
			var p source.Position
			p, err = positionOf(one.Cursor)
			l.Begins, l.Newest, l.Marks = moment(p.Start), moment(p.Newest), p.Marks
		}
		if err != nil {
			l.Problem = err.Error()
		}
		l.Foreign = fingerprint != "" && one.Fingerprint != "" && one.Fingerprint != fingerprint
		logs = append(logs, l)
	}
	return logs, nil
}

// positionOf reads a cursor of whatever system. The order tells them apart: KOBIL's claims name a floor, which others do
// not, those of a tenant an id where others have a time, and Auth0's claims of users are Canvas's with less in them. As
// long as nothing was read they are all the same, a time.
func positionOf(cursor source.Cursor) (p source.Position, err error) {
	for _, reader := range []source.Looker{&kobil.Provider{}, &auth0.Tenant{}, &canvas.Provider{}} {
		if p, err = reader.Position(cursor); err == nil {
			return p, nil
		}
	}
	return source.Position{}, err
}

// moment is a time to the second, nil if there is none.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC().Truncate(time.Second)
	return &t
}
