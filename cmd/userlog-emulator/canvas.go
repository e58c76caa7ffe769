package main

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/userlog/userlog-otel/internal/emulator/canvas"
	canvasday "github.com/userlog/userlog-otel/internal/emulator/canvas/day"
	"github.com/userlog/userlog-otel/internal/emulator/scenario"
)

type canvasSettings struct {
	serving

	token          string
	bookmarks      canvas.Bookmarks
	shape          canvas.Shape
	stringIDs      bool
	loginsPath     string
	maxPerPage     int
	throttle       float64
	throttleStatus int
}

func (s *canvasSettings) register(c *cobra.Command, listen string) {
	f := c.Flags()
	s.serving.register(c, "canvas-", "Canvas", listen)
	f.StringVar(&s.token, "canvas-token", "demo-token", "token that may read Canvas")
	f.Var(choice[canvas.Bookmarks]{
		&s.bookmarks, []string{"time-and-id", "time"}, []canvas.Bookmarks{canvas.BookmarkTimeAndID, canvas.BookmarkTime},
	}, "canvas-bookmarks", "what a link to the next page of Canvas remembers: old servers know the second only, and skip what else is of it")
	f.Var(choice[canvas.Shape]{&s.shape, []string{"compound", "array"}, []canvas.Shape{canvas.ShapeCompound, canvas.ShapeArray}},
		"canvas-shape", "form of an answer of Canvas: the compound document of the servers, or the array of the documentation")
	f.BoolVar(&s.stringIDs, "canvas-string-ids", false, "write the ids of Canvas as strings")
	s.loginsPath = "logins"
	f.Var(choice[string]{&s.loginsPath, []string{"logins", "pseudonyms"}, []string{"logins", "pseudonyms"}},
		"canvas-logins-path", "what logins are called in the paths of Canvas")
	f.IntVar(&s.maxPerPage, "canvas-max-per-page", canvas.DefaultMaxPerPage, "events that Canvas gives at once, whatever is asked for")
	f.Float64Var(&s.throttle, "canvas-throttle", 0, "what a request costs in Canvas's bucket of 600, which loses 10 a second; 0 for no limit")
	s.throttleStatus = http.StatusForbidden
	f.Var(choice[int]{&s.throttleStatus, []string{"403", "429"}, []int{http.StatusForbidden, http.StatusTooManyRequests}},
		"canvas-throttle-status", "how Canvas refuses a request when the bucket is full")
}

func (s *canvasSettings) validate() error {
	return errors.Join(
		s.serving.validate(),
		refuse(s.token == "", "--canvas-token: must not be empty"),
		refuse(s.maxPerPage < 1, "--canvas-max-per-page: must be 1 or more"),
		refuse(!(s.throttle >= 0), "--canvas-throttle: must be 0 or more"), // NaN neither
	)
}

// openCanvas fills an installation.
func openCanvas(s *settings, now time.Time) (*cloud, error) {
	c := s.canvas
	installation := canvas.New(canvas.Options{
		Tokens: []string{c.token}, Bookmarks: c.bookmarks, Shape: c.shape, StringIDs: c.stringIDs, LoginsPath: c.loginsPath,
		MaxPerPage: c.maxPerPage, Bucket: canvas.Bucket{Cost: c.throttle, Status: c.throttleStatus},
	})
	d := canvasday.New(canvasday.Options{Seed: s.seed, Users: s.users})
	d.Enrol(installation)
	f, err := newFeed(d, func(e canvasday.Event) error {
		e.Publish(installation)
		return nil
	}, s, func(scenario.Play) []canvasday.Event { return nil }, now)
	if err != nil {
		return nil, err
	}
	var users []string
	for _, id := range d.Users() {
		users = append(users, strconv.FormatInt(id, 10))
	}
	account := strconv.Itoa(canvasday.Account)
	return &cloud{
		name: "Canvas", serving: &s.canvas.serving, handler: installation, life: f, rate: share * s.pace(),
		users: users, entries: len(installation.Entries("accounts/" + account)),
		environment: func(base string) []string {
			return []string{"CANVAS_ENDPOINT=" + base, "CANVAS_TOKEN=" + c.token, "CANVAS_ACCOUNTS=" + account}
		},
		usersVariable: "CANVAS_USERS_FILE",
		try: func(base string) []string {
			return []string{fmt.Sprintf("'%s/api/v1/audit/authentication/accounts/%s?per_page=5' -H 'Authorization: Bearer %s'", base, account, c.token)}
		},
	}, nil
}
