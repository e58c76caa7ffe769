package main

import (
	"errors"
	"fmt"
	"math"
	"net"
	"net/netip"
	"time"

	"github.com/spf13/cobra"

	"github.com/userlog/userlog-otel/internal/emulator/auth0/day"
)

const (
	// scenesPerUserDay is how often a user does something in the invented past: 20 users make about 170 log events in
	// a day, enough to look at and few enough to read.
	scenesPerUserDay = 5
	// maxHistoryScenes bounds the memory of the past: about 2.5 kB a scene.
	maxHistoryScenes = 200_000
)

// settings are what the flags of both commands say.
type settings struct {
	listen       string
	seed         uint64
	users        int
	rate         float64
	history      time.Duration
	replay       []string
	replayUser   string
	replayShift  bool
	limit        int
	window       time.Duration
	clientID     string
	clientSecret string
	usersFile    string
}

func (s *settings) register(c *cobra.Command, listen string) {
	f := c.Flags()
	f.StringVar(&s.listen, "listen", listen, "loopback address to listen on; port 0 is any free one")
	f.Uint64Var(&s.seed, "seed", 1, "what is invented: the same seed gives the same users and the same sequence of scenes")
	f.IntVar(&s.users, "users", day.DefaultUsers, "how many users the tenant has")
	f.Float64Var(&s.rate, "rate", 1, "scenes a second while running (a scene is 1 to 6 log events); 0 for none")
	f.DurationVar(&s.history, "history", 24*time.Hour, "length of the invented past that is there at start; 0 for none")
	f.StringArrayVar(&s.replay, "replay", nil, "NDJSON `file` of log events to serve too, as they are; repeatable")
	f.StringVar(&s.replayUser, "replay-user", "", "user `id` for replayed log events that name none")
	f.BoolVar(&s.replayShift, "replay-shift", false,
		"move the dates of the replayed log events, all by the same time, so that the newest is of now: the receiver skips what is older than its initial_lookback")
	f.IntVar(&s.limit, "rate-limit", 50, "requests of the Management API in a window; 0 for no limit")
	f.DurationVar(&s.window, "rate-window", time.Second, "length of a window of the rate limit")
	f.StringVar(&s.clientID, "client-id", "demo", "client_id that gets a token")
	f.StringVar(&s.clientSecret, "client-secret", "demo-secret", "its client_secret")
	f.StringVar(&s.usersFile, "users-file", "", "`file` to write the user ids to, one a line, for users_file of the receiver")
}

// validate says all that is wrong.
func (s settings) validate() error {
	var errs []error
	if err := checkLoopback(s.listen); err != nil {
		errs = append(errs, err)
	}
	bad := func(wrong bool, text string) {
		if wrong {
			errs = append(errs, errors.New(text))
		}
	}
	bad(s.users < 1, "--users: must be 1 or more")
	bad(s.rate < 0 || math.IsNaN(s.rate) || math.IsInf(s.rate, 0), "--rate: must be 0 or more")
	bad(s.history < 0, "--history: must be 0 or more")
	bad(s.replayShift && len(s.replay) == 0, "--replay-shift: needs --replay")
	bad(s.limit < 0, "--rate-limit: must be 0 or more")
	bad(s.window <= 0, "--rate-window: must be more than 0")
	bad(s.clientID == "" || s.clientSecret == "", "--client-id and --client-secret: must not be empty")
	bad(s.scenes() > maxHistoryScenes, fmt.Sprintf("--history: too long for so many users: at most %d scenes, 5 per user and day", maxHistoryScenes))
	return errors.Join(errs...)
}

// scenes is how many scenes the invented past has.
func (s settings) scenes() int {
	return int(math.Ceil(min(s.history.Hours()/24*float64(s.users)*scenesPerUserDay, maxHistoryScenes+1)))
}

// checkLoopback refuses every address that other machines could reach: the secret is no secret, and the API serves
// whoever asks.
func checkLoopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("--listen: %w", err)
	}
	if host == "localhost" {
		return nil
	}
	if ip, err := netip.ParseAddr(host); err == nil && ip.Unmap().IsLoopback() {
		return nil
	}
	return fmt.Errorf("--listen: %q is not a loopback address: the emulator protects nothing, so it serves this machine only (127.0.0.1, ::1, localhost)", address)
}
