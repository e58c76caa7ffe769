package day

import (
	"cmp"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"time"
)

// Options choose the tenant.
type Options struct {
	// Seed fixes everything that is invented.
	Seed uint64
	// Users is how many people there are. Default: 20.
	Users int
}

// DefaultUsers is how many people a tenant has unless told otherwise.
const DefaultUsers = 20

// Event is a log event with what a log needs to know about it.
type Event struct {
	// User is the user_id whose log has the event; "" if only the tenant-wide log has it.
	User string
	// Date is when it happened, the date of the entry.
	Date time.Time
	// Arrival is when it can be read, the time within its log_id: never before Date.
	Arrival time.Time
	// Entry is the JSON object.
	Entry json.RawMessage

	id string
}

// Day invents events. It is not safe for concurrent use.
type Day struct {
	rng     *rand.Rand
	people  []*person
	apps    []app
	machine []app
	table   []act
	weights int
	seq     uint64
}

// seedStream separates the numbers of this package from other uses of the same seed.
const seedStream = 0x75736572_6c6f67

// New invents a tenant.
func New(o Options) *Day {
	if o.Users <= 0 {
		o.Users = DefaultUsers
	}
	d := &Day{rng: rand.New(rand.NewPCG(o.Seed, seedStream)), table: acts()}
	for _, a := range d.table {
		d.weights += a.weight
	}
	d.apps, d.machine = apps(d.rng), machines(d.rng)
	d.people = people(d.rng, o.Users)
	return d
}

// Users returns the user ids, the same for the same seed and number.
func (d *Day) Users() []string {
	ids := make([]string, len(d.people))
	for i, p := range d.people {
		ids[i] = p.id
	}
	return ids
}

// Next plays one scene that begins at t: one event or several over a few seconds, in the order of their arrival. All
// dates and arrivals are t or later.
func (d *Day) Next(t time.Time) []Event {
	s := &scene{
		day:  d,
		at:   t.UTC().Truncate(time.Millisecond),
		who:  pick(d.rng, d.people),
		app:  pick(d.rng, d.apps),
		path: session{id: alphanumeric(d.rng, 32)},
	}
	s.device = pick(d.rng, s.who.devices)
	d.choose()(s)
	slices.SortFunc(s.events, compare)
	return s.events
}

// Past plays so many scenes between two times, more by day than by night, and returns the events in the order of their
// arrival. The last arrivals may be later than to.
func (d *Day) Past(from, to time.Time, scenes int) []Event {
	if !to.After(from) {
		return nil
	}
	begins := make([]time.Time, scenes)
	for i := range begins {
		begins[i] = d.waking(from, to)
	}
	slices.SortFunc(begins, time.Time.Compare)
	var events []Event
	for _, t := range begins {
		events = append(events, d.Next(t)...)
	}
	slices.SortFunc(events, compare)
	return events
}

// waking is a random time that lies by night (22 to 6 UTC) four times more rarely than by day.
func (d *Day) waking(from, to time.Time) time.Time {
	for {
		t := from.Add(time.Duration(d.rng.Int64N(int64(to.Sub(from)))))
		if h := t.UTC().Hour(); h >= 6 && h < 22 || d.rng.IntN(4) == 0 {
			return t
		}
	}
}

// choose draws a scene by its weight.
func (d *Day) choose() func(*scene) {
	n := d.rng.IntN(d.weights)
	for _, a := range d.table {
		if n -= a.weight; n < 0 {
			return a.play
		}
	}
	return (*scene).login
}

// compare orders events as their log_ids are ordered: by arrival.
func compare(a, b Event) int { return cmp.Compare(a.id, b.id) }
