//go:build e2e

package e2e

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/userlog/userlog-otel/internal/emulator/cloud"
)

const (
	// overlap is that of the receivers in a world, so short that floors rise while a test lasts, and lateness, which is
	// less, how late entries appear.
	overlap  = 3 * time.Second
	lateness = time.Second
	// settleLimit is how long a collector may take, after the faults, to read everything: it may have to end a pause of up
	// to half a minute first.
	settleLimit = 90 * time.Second
)

// system is one emulated system with some logs.
type system struct {
	name    string  // the provider's block in the configuration, and service.name
	id      string  // of its receiver, if that is not its name
	twin    *system // another receiver's, at the same address
	*place          // once it is in a world
	front   front
	api     http.Handler
	cloud   *cloud.Server
	secrets []string

	// block and keys are what the configuration says in the provider's block and beside it. Its endpoint is filled in.
	block, keys object
	// tokenPath is where its tokens are, if that is not the default.
	tokenPath string
	// logs are those that are read, as the emulator calls them in its requests.
	logs []string
	// inFlight is how many entries may be on their way downstream at once: logs read at once × page size.
	inFlight int

	// invent makes an entry of a log, with random content. Ids ascend in the order of the calls.
	invent func(r *rand.Rand, log string, at time.Time) *fact
	// publish makes entries visible, all at once, and vanish takes one out.
	publish func(log string, facts ...*fact) error
	vanish  func(log string, f *fact)
	// first tells whether a request is for the newest page of a log.
	first func(cloud.Request) bool
}

func (s *system) receiver() string { return "user_log/" + cmp.Or(s.id, s.name) }

// reads is how often the newest page of a log was given out.
func (s *system) reads(log string) int {
	n := 0
	for _, r := range s.cloud.Requests() {
		if r.User == log && r.Status == http.StatusOK && s.first(r) {
			n++
		}
	}
	return n
}

// cycles waits until logs were read so many times more, all of them if none is named.
func (s *system) cycles(c *collector, n int, logs ...string) {
	c.t.Helper()
	if len(logs) == 0 {
		logs = s.logs
	}
	wanted := map[string]int{}
	for _, log := range logs {
		wanted[log] = s.reads(log) + n + 1 // a read may be under way whose page was given out before
	}
	for log, reads := range wanted {
		c.until(fmt.Sprintf("%d more reads of %s of %s", n, log, s.name), settleLimit, func() bool { return s.reads(log) >= reads })
	}
}

// noise is random text, now and then none and now and then a lot, with what has to be escaped somewhere on the way.
func noise(r *rand.Rand) string {
	pieces := []string{"café", "\n", "\t", `"`, `\`, "</script>", "{\"level\":\"error\"}", "\u2028", "😀", "\x1b[31m", "%s", "user=7", "0x1p-2", "x"}
	n := []int{0, 3, 10, 10, 300}[r.IntN(5)]
	return strings.Join(slices.Collect(func(yield func(string) bool) {
		for range n {
			if !yield(pieces[r.IntN(len(pieces))]) {
				return
			}
		}
	}), " ")
}
