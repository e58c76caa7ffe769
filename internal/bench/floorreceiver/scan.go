package floorreceiver

import "strings"

// entry is what is read of one entry: views of the page, strings without their quotation marks.
type entry struct {
	raw string

	id, date, kind                                    string
	address, userID, userName, userAgent              string
	clientID, clientName, sessionID, host, connection string
	country, city, latitude, longitude                string
	strategy, ja3, ja4                                string
}

// scan appends the entries of a page, which is JSON without spaces between its values.
func scan(page string, entries []entry) []entry {
	for at := 1; page[at] != ']'; {
		if page[at] == ',' {
			at++
		}
		entries = append(entries, entry{})
		e := &entries[len(entries)-1]
		end := e.members(page, at, topLevel)
		e.raw = page[at:end]
		at = end
	}
	return entries
}

// group is an object that members are read of.
type group int

const (
	topLevel group = iota
	details
	location
	security
)

// members reads the object that begins at a place, and returns the place behind it.
func (e *entry) members(page string, at int, g group) int {
	for page[at] != '}' {
		at += 2 // the brace or the comma, and the quotation mark
		end := at + strings.IndexByte(page[at:], '"')
		name := page[at:end]
		at = end + 2 // the quotation mark and the colon
		if page[at] == '{' && g == topLevel {
			if inner := groupOf(name); inner != topLevel {
				at = e.members(page, at, inner)
				continue
			}
		}
		end = valueEnd(page, at)
		if field := e.field(g, name); field != nil {
			*field = text(page[at:end])
		}
		at = end
	}
	return at + 1
}

// groupOf is the group in a member of an entry, topLevel if there is none.
func groupOf(name string) group {
	switch name {
	case "details":
		return details
	case "location_info":
		return location
	case "security_context":
		return security
	}
	return topLevel
}

// field is where the value of a member goes, nil if it is not wanted.
func (e *entry) field(g group, name string) *string {
	switch g {
	case topLevel:
		return e.topLevelField(name)
	case details:
		if name == "session_id" {
			return &e.sessionID
		}
	case location:
		switch name {
		case "country_code":
			return &e.country
		case "city_name":
			return &e.city
		case "latitude":
			return &e.latitude
		case "longitude":
			return &e.longitude
		}
	case security:
		switch name {
		case "ja3":
			return &e.ja3
		case "ja4":
			return &e.ja4
		}
	}
	return nil
}

func (e *entry) topLevelField(name string) *string {
	switch name {
	case "log_id":
		return &e.id
	case "date":
		return &e.date
	case "type":
		return &e.kind
	case "ip":
		return &e.address
	case "user_id":
		return &e.userID
	case "user_name":
		return &e.userName
	case "user_agent":
		return &e.userAgent
	case "client_id":
		return &e.clientID
	case "client_name":
		return &e.clientName
	case "hostname":
		return &e.host
	case "connection":
		return &e.connection
	case "strategy":
		return &e.strategy
	}
	return nil
}

// valueEnd is the place behind the value that begins at a place.
func valueEnd(page string, at int) int {
	switch page[at] {
	case '"':
		return stringEnd(page, at)
	case '{', '[':
		return nestedEnd(page, at)
	}
	for page[at] != ',' && page[at] != '}' && page[at] != ']' {
		at++
	}
	return at
}

// stringEnd is the place behind the string that begins at a place.
func stringEnd(page string, at int) int {
	at++
	for {
		at += strings.IndexByte(page[at:], '"')
		backslashes := 0
		for page[at-1-backslashes] == '\\' {
			backslashes++
		}
		at++
		if backslashes%2 == 0 {
			return at
		}
	}
}

// nestedEnd is the place behind the array or object that begins at a place.
func nestedEnd(page string, at int) int {
	for depth := 0; ; at++ {
		switch page[at] {
		case '"':
			at = stringEnd(page, at) - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return at + 1
			}
		}
	}
}
