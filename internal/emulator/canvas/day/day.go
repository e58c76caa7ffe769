package day

import (
	"math/rand/v2"
	"time"

	"github.com/userlog/userlog-otel/internal/emulator/canvas"
	"github.com/userlog/userlog-otel/internal/emulator/invent"
)

// Options choose the installation.
type Options struct {
	// Seed fixes everything that is invented.
	Seed uint64
	// Users is how many people there are. Default: [invent.DefaultPeople].
	Users int
}

// Event is a login or logout, with its page view.
type Event struct {
	event canvas.Event
	view  view
}

// Arrives is when it can be read, shortly after it happened.
func (e Event) Arrives() time.Time { return e.event.At.Add(e.view.delay) }

// view is the page view of an event. Without an id, it is gone.
type view struct {
	id, session, path string
	delay             time.Duration
	from              device
}

// Day invents events. It is not safe for concurrent use.
type Day struct {
	rng    *rand.Rand
	people []person
}

// person is a user with one login.
type person struct {
	id, login   int64
	name, email string
	devices     []device
}

// device is where requests come from.
type device struct{ ip, agent string }

const (
	// seedStream separates the numbers of this package from other uses of the same seed.
	seedStream = 0x63616e76_6173
	// Account is the root account, to which all people belong. Canvas gives 1 to the first account of an installation.
	Account = 1
	// accountName is its name.
	accountName = "Example University"
	// shard is added to the ids of users who come from another shard: ids above what a float64 holds.
	shard = 210700000000000000
	// origin is the installation's address in page views.
	origin = "https://campus.example.com"
)

// New invents an installation.
func New(o Options) *Day {
	if o.Users <= 0 {
		o.Users = invent.DefaultPeople
	}
	d := &Day{rng: rand.New(rand.NewPCG(o.Seed, seedStream))}
	for i, someone := range invent.People(o.Seed, o.Users) {
		p := person{
			id: int64(101 + i), login: int64(1001 + i), name: someone.Name, email: someone.Nickname + "@example.com",
			devices: devices(d.rng),
		}
		if i%5 == 4 {
			p.id += shard
		}
		d.people = append(d.people, p)
	}
	return d
}

// devices invents one or two, with the user agents of browsers.
func devices(r *rand.Rand) []device {
	out := make([]device, 1+r.IntN(2))
	for i := range out {
		out[i] = device{ip: invent.IPv4(r), agent: invent.Pick(r, []string{
			"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/134.0.0.0 Safari/537.36",
			"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Safari/605.1.15",
			"Mozilla/5.0 (X11; Linux x86_64; rv:136.0) Gecko/20100101 Firefox/136.0",
			"Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Mobile/15E148 Safari/604.1",
		})}
		if invent.Chance(r, 20) {
			out[i].ip = invent.IPv6(r)
		}
	}
	return out
}

// Users returns the ids of the users, the same for the same seed and number.
func (d *Day) Users() []int64 {
	ids := make([]int64, len(d.people))
	for i, p := range d.people {
		ids[i] = p.id
	}
	return ids
}

// Enrol makes the account, its users and their logins known.
func (d *Day) Enrol(i *canvas.Installation) {
	i.AddAccount(Account, accountName)
	for _, p := range d.people {
		i.AddUser(p.id, p.name)
		i.AddLogin(p.login, p.id, Account, p.email)
	}
}

// Next plays one scene that begins at t: a login, and sometimes the logout after it.
func (d *Day) Next(t time.Time) []Event {
	who := invent.Pick(d.rng, d.people)
	from := invent.Pick(d.rng, who.devices)
	session := invent.Hex(d.rng, 32)
	events := []Event{d.event(t, "login", "/login/canvas", who, from, session)}
	if invent.Chance(d.rng, 30) {
		t = t.Add(time.Duration(5+d.rng.IntN(40)) * time.Second)
		events = append(events, d.event(t, "logout", "/logout", who, from, session))
	}
	return events
}

func (d *Day) event(t time.Time, kind, path string, who person, from device, session string) Event {
	e := Event{
		event: canvas.Event{ID: invent.UUID(d.rng), At: t, Type: kind, User: who.id, Login: who.login, Account: Account},
		view:  view{session: session, path: path, from: from, delay: time.Duration(d.rng.IntN(1500)) * time.Millisecond},
	}
	if id := invent.UUID(d.rng); !invent.Chance(d.rng, 5) {
		e.view.id, e.event.PageView = id, id
	}
	return e
}

// Past plays so many scenes between two times, more by day than by night, and returns the events in the order of their
// arrival. The last arrivals may be later than to.
func (d *Day) Past(from, to time.Time, scenes int) []Event {
	return invent.Past(d.rng, from, to, scenes, d.Next)
}

// Publish makes the event readable.
func (e Event) Publish(i *canvas.Installation) {
	if v := e.view; v.id != "" {
		i.AddPageView(v.id, v.from.ip, v.from.agent, v.session, origin+v.path)
	}
	i.Publish(e.event)
}
