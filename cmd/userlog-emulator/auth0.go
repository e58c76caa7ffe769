package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/userlog/userlog-otel/internal/emulator"
	"github.com/userlog/userlog-otel/internal/emulator/auth0"
	auth0day "github.com/userlog/userlog-otel/internal/emulator/auth0/day"
	"github.com/userlog/userlog-otel/internal/emulator/scenario"
)

type auth0Settings struct {
	serving

	replay      []string
	replayUser  string
	replayShift bool
	limit       int
	window      time.Duration
}

func (s *auth0Settings) register(c *cobra.Command, listen string) {
	f := c.Flags()
	s.serving.register(c, "", "Auth0", listen)
	f.StringArrayVar(&s.replay, "replay", nil, "NDJSON `file` of Auth0's log events to serve too, as they are; repeatable")
	f.StringVar(&s.replayUser, "replay-user", "", "user `id` for replayed log events that name none")
	f.BoolVar(&s.replayShift, "replay-shift", false,
		"move the dates of the replayed log events, all by the same time, so that the newest is of now: the receiver skips what is older than its initial_lookback")
	f.IntVar(&s.limit, "rate-limit", 50, "requests of Auth0's Management API in a window; 0 for no limit")
	f.DurationVar(&s.window, "rate-window", time.Second, "length of a window of the rate limit")
}

func (s *auth0Settings) validate() error {
	return errors.Join(
		s.serving.validate(),
		refuse(s.replayShift && len(s.replay) == 0, "--replay-shift: needs --replay"),
		refuse(s.limit < 0, "--rate-limit: must be 0 or more"),
		refuse(s.window <= 0, "--rate-window: must be more than 0"),
	)
}

// openAuth0 fills a tenant.
func openAuth0(s *settings, now time.Time) (*cloud, error) {
	tenant := auth0.New(auth0.Options{
		Clients:   map[string]string{s.clientID: s.clientSecret},
		RateLimit: auth0.RateLimit{Limit: s.auth0.limit, Window: s.auth0.window},
	})
	d := auth0day.New(auth0day.Options{Seed: s.seed, Users: s.users, Calm: len(s.scenarios) > 0})
	tenant.AddUsers(d.Users()...)
	f, err := newFeed(d, func(e auth0day.Event) error { return tenant.Publish(e.User, e.Entry) }, s, func(p scenario.Play) []auth0day.Event { return p.Auth0 }, now)
	if err != nil {
		return nil, err
	}
	if err := s.auth0.publishReplay(tenant, now); err != nil {
		return nil, fmt.Errorf("--replay: %w", err)
	}
	return &cloud{
		name: "Auth0", serving: &s.auth0.serving, handler: tenant, life: f, rate: s.pace(),
		users: tenant.Users(), entries: len(tenant.Entries("")),
		environment: func(base string) []string {
			return []string{"AUTH0_ENDPOINT=" + base, "AUTH0_CLIENT_ID=" + s.clientID, "AUTH0_CLIENT_SECRET=" + s.clientSecret}
		},
		usersVariable: "AUTH0_USERS_FILE",
		try: func(base string) []string {
			return []string{
				fmt.Sprintf("%s/oauth/token -d grant_type=client_credentials -d client_id=%s -d client_secret=%s -d audience=%[1]s/api/v2/", base, s.clientID, s.clientSecret),
				fmt.Sprintf("'%s/api/v2/logs?per_page=5' -H 'Authorization: Bearer TOKEN'", base),
			}
		},
	}, nil
}

// publishReplay publishes the entries of all files. Their dates are moved together, so that they stay as far apart as
// they are.
func (s *auth0Settings) publishReplay(tenant *auth0.Tenant, now time.Time) error {
	var entries []json.RawMessage
	for _, path := range s.replay {
		more, err := readEntries(path)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		entries = append(entries, more...)
	}
	if s.replayShift {
		entries = auth0.ShiftDates(entries, now)
	}
	return tenant.Replay(s.replayUser, entries)
}

func readEntries(path string) ([]json.RawMessage, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return emulator.ReadNDJSON(f)
}
