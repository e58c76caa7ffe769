package pages

import "bytes"

// Placeholders of what differs from entry to entry: the date, what follows the prefix in the id of a user, and log_id.
// They are as long as what is written over them.
const (
	datePlace = "DDDDDDDDDDDDDDDDDDDDDDDD"
	userPlace = "UUUUUUUUUUUUUUUUUUUUUUUU"
	idPlace   = "IIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIII"
)

// template is an entry with placeholders, and where they are.
type template struct {
	text  []byte
	date  int
	users []int
	ids   []int // log_id and _id, which are the same in every recorded answer
}

func newTemplate(text string) template {
	t := template{text: []byte(text)}
	t.date = bytes.Index(t.text, []byte(datePlace))
	t.users, t.ids = t.places(userPlace), t.places(idPlace)
	return t
}

// places are those of a placeholder.
func (t *template) places(of string) []int {
	var all []int
	for from := 0; ; {
		at := bytes.Index(t.text[from:], []byte(of))
		if at < 0 {
			return all
		}
		all = append(all, from+at)
		from += at + len(of)
	}
}

// appendEntry appends the entry with a number.
func (w workload) appendEntry(page []byte, l *Log, number int) []byte {
	t := &w[number*templateStep%len(w)]
	at := len(page)
	page = append(page, t.text...)
	entry := page[at:]
	s := stampOf(l.dateOf(number))
	copy(entry[t.date:], s.date[:])
	for _, place := range t.users {
		writeNumber(entry[place:place+userSize], number%l.Users)
	}
	for _, place := range t.ids {
		s.writeID(entry[place:place+idSize], number)
	}
	return page
}

// templateStep is prime to the number of templates, so that neighbours differ and each is used equally often.
const templateStep = 97
