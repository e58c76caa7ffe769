package userlogcheck

import "time"

// reportVersion is that of the report's form. A field that is added leaves it alone.
const reportVersion = 1

// State is how one thing stands.
type State string

// The states.
const (
	OK   State = "ok"
	Note State = "note" // well, and worth knowing
	Fail State = "fail" // a person has to heal it
	// Unknown is what could not be found out because of something else that failed.
	Unknown State = "unknown"
)

// Report is what a check found.
type Report struct {
	Version   int        `json:"version"`
	OK        bool       `json:"ok"`
	Receivers []Receiver `json:"receivers"`
}

// Receiver is what was found of one receiver.
type Receiver struct {
	ID       string `json:"receiver"`
	OK       bool   `json:"ok"`
	System   string `json:"system"`
	Endpoint string `json:"endpoint"`
	// Requests counts those that were sent, those for tokens among them, but for those of an authenticator extension.
	Requests int     `json:"requests"`
	Checks   []Check `json:"checks"`

	Token *Token `json:"token,omitempty"`
	Limit *Limit `json:"rate_limit,omitempty"`
	// ClockDifference is how many seconds the API's clock is ahead of ours.
	ClockDifference *float64 `json:"clock_difference_seconds,omitempty"`
	// Newest is the date of the newest entry that was seen.
	Newest    *time.Time `json:"newest_entry,omitempty"`
	FirstRead *FirstRead `json:"first_read,omitempty"`
	Logs      []Log      `json:"logs"`
}

// Check is how one thing stands, in one line.
type Check struct {
	Name  string `json:"check"`
	State State  `json:"state"`
	Text  string `json:"text"`
}

// Token is what is known of the token.
type Token struct {
	Scopes []string `json:"scopes,omitempty"`
	// Expires is when it ends.
	Expires *time.Time `json:"expires,omitempty"`
}

// Limit is what the last answer told of the API's limit.
type Limit struct {
	// Limit is 0 of an API that counts what requests cost.
	Limit     float64    `json:"limit,omitempty"`
	Remaining float64    `json:"remaining"`
	Resets    *time.Time `json:"resets,omitempty"`
}

// FirstRead is what a read of all logs takes for which no cursor is stored.
type FirstRead struct {
	LookbackSeconds float64 `json:"lookback_seconds"`
	Logs            int     `json:"logs"`
	// Entries and Requests are estimates unless Exact is set. AtLeast is how many entries were seen.
	Entries  int  `json:"entries"`
	AtLeast  int  `json:"entries_at_least"`
	Requests int  `json:"requests"`
	Exact    bool `json:"exact"`
	// Seconds is how long that takes at least.
	Seconds float64 `json:"seconds_at_least"`
}

// Log is what was seen of one log.
type Log struct {
	// Name is a number unless users may be shown.
	Name   string     `json:"log"`
	Newest *time.Time `json:"newest_entry,omitempty"`
	// Entries counts those on its newest page that a first read takes; More says that there may be others.
	Entries int    `json:"entries"`
	More    bool   `json:"more"`
	Problem string `json:"problem,omitempty"`
}
