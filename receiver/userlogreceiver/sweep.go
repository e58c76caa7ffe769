package userlogreceiver

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/userlog/userlog-otel/config"
)

const (
	// exampleRate shows what a pass costs where no rate is configured, in requests per second: of the order of what
	// Auth0's public plans allow, which is 2 to 16 (auth0 docs, "Rate Limit Configurations").
	exampleRate = 10
	// shortestPass is the least that is told of at the example's rate. Whoever reads more often than that knows the API,
	// and it may allow more.
	shortestPass = time.Minute
	// longestPass is where the computing ends.
	longestPass = 100 * 365 * 24 * time.Hour
)

// sweep is the time of one pass over the logs of so many users in which nothing is new: one request each.
func sweep(users int, perSecond float64) time.Duration {
	return time.Duration(min(float64(users)/perSecond, longestPass.Seconds()) * float64(time.Second))
}

// passes says what is to be told of the time that one pass over all logs takes: nothing, as long as it is shorter than
// the pause between two reads of one log. It is for one goroutine at a time.
type passes struct {
	perSecond float64 // requests, as configured for all shards; 0 if they are not
	shards    int
	pause     time.Duration
	key       string // of the pause
	cure      string
	told      int // number of logs when it was told last
}

func newPasses(c *config.Config) *passes {
	p := &passes{
		perSecond: float64(c.RateLimit.RequestsPerSecond),
		shards:    int(c.Shard.Count),
		pause:     time.Duration(c.CollectionInterval),
		key:       "collection_interval",
		cure:      "raise collection_interval, or max_collection_interval for users in whose logs nothing happens",
	}
	if longest := time.Duration(c.MaxCollectionInterval); longest > p.pause {
		p.pause, p.key = longest, "max_collection_interval"
	}
	switch {
	case c.Auth0 != nil:
		p.cure = "set auth0::tenant to true, which reads the log of the whole tenant, with one request for a hundred new entries"
	case c.Canvas != nil:
		p.cure = "set canvas::accounts, whose logs hold the entries of all their users"
	}
	return p
}

// over returns what is to be told when so many logs are listed, empty if that is nothing: once, and again when they have
// doubled.
func (p *passes) over(logs int) string {
	if logs < 2 || logs < 2*p.told {
		return ""
	}
	rate, whose, pause := p.perSecond, "as rate_limit::requests_per_second says", p.pause
	if rate == 0 {
		rate, whose, pause = exampleRate, "for example", max(p.pause, shortestPass)
	}
	if p.shards > 1 {
		rate /= float64(p.shards)
		whose += fmt.Sprintf(", divided by %d shards", p.shards)
	}
	pass := sweep(logs, rate)
	if pass <= pause {
		return ""
	}
	p.told = logs
	return fmt.Sprintf("%d logs are read one by one: at %s requests/s, %s, one pass takes %s, longer than %s (%s): %s",
		logs, strconv.FormatFloat(rate, 'f', -1, 64), whose, brief(pass), p.key, brief(p.pause), p.cure)
}

// brief writes a time with what matters of it: 2h47m, 10m, 1m40s, 1.5s.
func brief(d time.Duration) string {
	switch {
	case d >= time.Hour:
		d = d.Round(time.Minute)
	case d >= time.Minute:
		d = d.Round(time.Second)
	case d >= time.Second:
		d = d.Round(time.Second / 10)
	}
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
