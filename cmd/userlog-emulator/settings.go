package main

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/spf13/cobra"

	"github.com/userlog/userlog-otel/internal/emulator/invent"
)

const (
	// scenesPerUserDay is how often a user does something in the invented past: 20 users make about 170 log events in
	// a day in Auth0, enough to look at and few enough to read.
	scenesPerUserDay = 5
	// maxHistoryScenes bounds the memory of the past: about 5 kB a scene, in all clouds together.
	maxHistoryScenes = 200_000
	// share is how many scenes are played elsewhere for each in Auth0, so that all can be read as they go by.
	share = 0.5
)

// settings are what the flags of both commands say.
type settings struct {
	seed         uint64
	users        int
	rate         float64
	history      time.Duration
	clientID     string
	clientSecret string
	scenarios    scenarios

	auth0  auth0Settings
	kobil  kobilSettings
	canvas canvasSettings
}

// addresses are the defaults of the three --listen flags.
type addresses struct{ auth0, kobil, canvas string }

func (s *settings) register(c *cobra.Command, listen addresses) {
	f := c.Flags()
	f.SortFlags = false
	f.Uint64Var(&s.seed, "seed", 1, "what is invented: the same seed gives the same users and the same sequence of scenes")
	f.IntVar(&s.users, "users", invent.DefaultPeople, "how many users each cloud has")
	f.Float64Var(&s.rate, "rate", 1, "scenes a second in Auth0 while running (a scene is 1 to 6 log events), and half as many in each other cloud; 0 for none")
	f.DurationVar(&s.history, "history", 24*time.Hour, "length of the invented past that is there at start; 0 for none")
	f.Var(&s.scenarios, "scenario", "attack to play in the minutes before the start, and again every ten minutes, in a calm day; repeatable. userlog-emulator scenarios lists them")
	f.StringVar(&s.clientID, "client-id", "demo", "client_id that gets a token of Auth0 and of KOBIL")
	f.StringVar(&s.clientSecret, "client-secret", "demo-secret", "its client_secret")
	s.auth0.register(c, listen.auth0)
	s.kobil.register(c, listen.kobil)
	s.canvas.register(c, listen.canvas)
}

// validate says all that is wrong.
func (s *settings) validate() error {
	return errors.Join(
		refuse(s.users < 1, "--users: must be 1 or more"),
		refuse(s.rate < 0 || math.IsNaN(s.rate) || math.IsInf(s.rate, 0), "--rate: must be 0 or more"),
		refuse(s.history < 0, "--history: must be 0 or more"),
		refuse(s.scenes() > maxHistoryScenes, fmt.Sprintf("--history: too long for so many users: at most %d scenes, 5 per user and day", maxHistoryScenes)),
		s.scenarios.validate(),
		refuse(s.clientID == "" || s.clientSecret == "", "--client-id and --client-secret: must not be empty"),
		s.auth0.validate(), s.kobil.validate(), s.canvas.validate(),
	)
}

// refuse is an error with this text if something is wrong.
func refuse(wrong bool, text string) error {
	if wrong {
		return errors.New(text)
	}
	return nil
}

// scenes is how many scenes the invented past of each cloud has.
func (s *settings) scenes() int {
	return int(math.Ceil(min(s.history.Hours()/24*float64(s.users)*scenesPerUserDay, maxHistoryScenes+1)))
}
