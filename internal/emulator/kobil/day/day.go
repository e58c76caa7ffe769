package day

import (
	"encoding/json"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/userlog/userlog-otel/internal/emulator/invent"
	"github.com/userlog/userlog-otel/internal/emulator/kobil"
)

// Options choose the installation.
type Options struct {
	// Seed fixes everything that is invented.
	Seed uint64
	// Users is how many people there are. Default: [invent.DefaultPeople].
	Users int
}

// Event is an entry that is not yet written: it has no id.
type Event struct {
	// Date is when it happens, and can be read.
	Date time.Time

	entry kobil.Entry
}

// Arrives is e.Date.
func (e Event) Arrives() time.Time { return e.Date }

// Day invents events. It is not safe for concurrent use.
type Day struct {
	rng    *rand.Rand
	people []person
	lastID int64
}

// person is a user with a device.
type person struct{ name, device, certificate string }

// The codes of the vendor's sample. 35 carries the name of a property; the others carry nothing.
const (
	action13 = "13"
	action22 = "22"
	action35 = "35"
)

// Codes for scripts. Started is of the sample, and begins a login there; the others are the emulator's own, since no
// public sample shows a failure.
const (
	Started   = action13
	WrongPIN  = "901"
	WrongCode = "902"
)

const (
	// seedStream separates the numbers of this package from other uses of the same seed.
	seedStream = 0x6b6f6269_6c
	// firstID makes ids as long as those of the sample.
	firstID = 180_000
)

// New invents an installation.
func New(o Options) *Day {
	if o.Users <= 0 {
		o.Users = invent.DefaultPeople
	}
	d := &Day{rng: rand.New(rand.NewPCG(o.Seed, seedStream)), lastID: firstID}
	for _, someone := range invent.People(o.Seed, o.Users) {
		d.people = append(d.people, person{
			name: someone.Nickname, device: strconv.Itoa(2000 + d.rng.IntN(7000)), certificate: "1" + invent.Digits(d.rng, 9),
		})
	}
	return d
}

// Users returns the user names, the same for the same seed and number.
func (d *Day) Users() []string {
	names := make([]string, len(d.people))
	for i, p := range d.people {
		names[i] = p.name
	}
	return names
}

// Next plays one scene that begins at t: one event or several over a few seconds, in their order.
func (d *Day) Next(t time.Time) []Event {
	s := &scene{day: d, at: t, who: invent.Pick(d.rng, d.people)}
	switch {
	case invent.Chance(d.rng, 60):
		s.login()
	case invent.Chance(d.rng, 50):
		s.emit(action35, invent.Pick(d.rng, properties()))
	default:
		s.emit(action22, "")
	}
	return s.events
}

// Event is what the n-th user's device does at t. Users count from 0, and begin again after the last.
func (d *Day) Event(t time.Time, n int, action, details string) Event {
	return d.people[n%len(d.people)].event(t, action, details)
}

// Past plays so many scenes between two times, more by day than by night, and returns the events in their order. The
// last may be later than to.
func (d *Day) Past(from, to time.Time, scenes int) []Event {
	return invent.Past(d.rng, from, to, scenes, d.Next)
}

// Write gives an event its id, as the installation does when it writes it down: ids grow, with gaps where other things
// were written. It returns the user whose log has the entry, and the entry.
func (d *Day) Write(e Event) (user string, entry json.RawMessage) {
	d.lastID += 1 + int64(d.rng.IntN(3))
	e.entry.ID = d.lastID
	return e.entry.UserID, e.entry.JSON()
}

// scene is a little play of one person: its functions move the clock and emit events.
type scene struct {
	day    *Day
	at     time.Time
	who    person
	events []Event
}

// properties are the details of the sample's entries, in their order.
func properties() []string {
	return []string{
		"key=KS.IP; owner=OWNER_DEVICE", "key=KS.geoLocation; owner=OWNER_DEVICE", "key=KS.qrcodeNonce; owner=OWNER_DEVICE",
	}
}

// login is the sequence of the sample: a 13, the properties that the device writes after it, and often a 22.
func (s *scene) login() {
	s.emit(action13, "")
	for _, details := range properties() {
		s.emit(action35, details)
	}
	if invent.Chance(s.day.rng, 50) {
		s.emit(action22, "")
	}
}

// emit adds an event and lets a few seconds pass.
func (s *scene) emit(action, details string) {
	s.events = append(s.events, s.who.event(s.at, action, details))
	s.at = s.at.Add(time.Duration(200+s.day.rng.IntN(3000)) * time.Millisecond)
}

func (p person) event(t time.Time, action, details string) Event {
	e := kobil.NewEntry(p.name, 0, t)
	e.Action, e.Details = action, details
	e.DeviceID, e.CertificateSerialNumber = p.device, p.certificate
	return Event{Date: t, entry: e}
}
