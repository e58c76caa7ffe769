package userlogreceiver

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/userlog/userlog-otel/config"
)

func TestSweepIsARequestForEachUser(t *testing.T) {
	for _, test := range []struct {
		users     int
		perSecond float64
		want      time.Duration
	}{
		{100_000, 10, 10_000 * time.Second},
		{1000, 16, 62500 * time.Millisecond},
		{10, 0.5, 20 * time.Second},
		{0, 10, 0},
		{1_000_000, 1e-9, longestPass},
	} {
		assert.Equal(t, test.want, sweep(test.users, test.perSecond), "%d users at %v/s", test.users, test.perSecond)
	}
}

func TestPassThatTakesLongerThanThePauseIsToldWithItsCure(t *testing.T) {
	auth0 := func(c *config.Config) { c.Auth0 = &config.Auth0{} }
	rated := func(perSecond config.Rate) func(*config.Config) {
		return func(c *config.Config) { auth0(c); c.RateLimit.RequestsPerSecond = perSecond }
	}
	const tenant = "set auth0::tenant to true, which reads the log of the whole tenant, with one request for a hundred new entries"
	for _, test := range []struct {
		name string
		set  func(*config.Config)
		logs int
		want string
	}{
		{"no rate is configured", auth0, 100_000, "100000 logs are read one by one: at 10 requests/s, for example, one pass takes 2h47m, longer than collection_interval (1m): " + tenant},
		{"a rate is", rated(16), 1000, "1000 logs are read one by one: at 16 requests/s, as rate_limit::requests_per_second says, one pass takes 1m3s, longer than collection_interval (1m): " + tenant},
		{"a low one", rated(0.5), 100, "100 logs are read one by one: at 0.5 requests/s, as rate_limit::requests_per_second says, one pass takes 3m20s, longer than collection_interval (1m): " + tenant},
		{"Canvas", func(c *config.Config) { c.Canvas = &config.Canvas{} }, 6000, "6000 logs are read one by one: at 10 requests/s, for example, one pass takes 10m, longer than collection_interval (1m): set canvas::accounts, whose logs hold the entries of all their users"},
		{"KOBIL, which has no other log", func(c *config.Config) { c.KOBIL = &config.KOBIL{} }, 6000, "6000 logs are read one by one: at 10 requests/s, for example, one pass takes 10m, longer than collection_interval (1m): raise collection_interval, or max_collection_interval for users in whose logs nothing happens"},
		{"longer than the longest pause, too", func(c *config.Config) {
			auth0(c)
			c.MaxCollectionInterval = config.Span(2 * time.Hour)
		}, 100_000, "100000 logs are read one by one: at 10 requests/s, for example, one pass takes 2h47m, longer than max_collection_interval (2h): " + tenant},
		{"shorter", auth0, 600, ""},
		{"shorter, as configured", rated(100), 6000, ""},
		{"shorter than the longest pause", func(c *config.Config) {
			auth0(c)
			c.MaxCollectionInterval = config.Span(3 * time.Hour)
		}, 100_000, ""},
		{"a short pause, where the API may allow it", func(c *config.Config) { auth0(c); c.CollectionInterval = config.Interval(time.Second) }, 600, ""},
		{"a short pause that the rate does not allow", func(c *config.Config) {
			rated(10)(c)
			c.CollectionInterval = config.Interval(time.Second)
		}, 15, "15 logs are read one by one: at 10 requests/s, as rate_limit::requests_per_second says, one pass takes 1.5s, longer than collection_interval (1s): " + tenant},
		{"a part of a rate", func(c *config.Config) {
			rated(16)(c)
			c.Shard.Count = 4
		}, 1000, "1000 logs are read one by one: at 4 requests/s, as rate_limit::requests_per_second says, divided by 4 shards, one pass takes 4m10s, longer than collection_interval (1m): " + tenant},
		{"one log, which is no pass", rated(0.001), 1, ""},
		{"none", rated(0.001), 0, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := config.NewDefault()
			test.set(c)
			assert.Equal(t, test.want, newPasses(c).over(test.logs))
		})
	}
}

func TestPassIsToldAgainWhenTheLogsHaveDoubled(t *testing.T) {
	p := newPasses(config.NewDefault())
	for _, step := range []struct {
		logs int
		told bool
	}{{0, false}, {500, false}, {1000, true}, {1000, false}, {1999, false}, {500, false}, {2000, true}, {3999, false}, {4000, true}} {
		assert.Equal(t, step.told, p.over(step.logs) != "", "%d logs", step.logs)
	}
}

func TestBriefLeavesOutWhatDoesNotMatter(t *testing.T) {
	for d, want := range map[time.Duration]string{
		10_000 * time.Second:               "2h47m",
		2 * time.Hour:                      "2h",
		10 * time.Hour:                     "10h",
		1000 * time.Hour:                   "1000h",
		10 * time.Minute:                   "10m",
		100*time.Second + time.Millisecond: "1m40s",
		59*time.Minute + 59600*1e6:         "1h",
		20 * time.Second:                   "20s",
		1512 * time.Millisecond:            "1.5s",
		20 * time.Millisecond:              "20ms",
		0:                                  "0s",
	} {
		assert.Equal(t, want, brief(d))
	}
}
