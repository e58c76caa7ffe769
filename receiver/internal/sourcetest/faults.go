package sourcetest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"net/http"
	"strconv"
	"unicode/utf16"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// fault is something that goes wrong with an answer.
type fault struct {
	name string
	want source.Kind
	// mayPass says that the answer may as well be read as if nothing were wrong.
	mayPass bool
	spoil   func(*answer)
}

// faults are all that the suite knows of.
func faults(p Provider) []fault {
	return append(append(statuses(p), bodies()...), connections()...)
}

// statuses are answers with another status than 200. 429 is none of them, it is waited for.
func statuses(p Provider) []fault {
	var all []fault
	for _, status := range []int{
		204, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 410, 500, 501, 502, 503, 504, 599,
	} {
		kind := kindOf(status)
		if own, ok := p.Kinds[status]; ok {
			kind = own
		}
		all = append(all, fault{name: "status " + strconv.Itoa(status), want: kind, spoil: func(a *answer) {
			a.status = status
			a.header.Set("Location", "https://198.51.100.7/"+canary+"?"+canary)
			a.header.Set("WWW-Authenticate", `Bearer error="`+canary+`"`)
			a.body = []byte(`{"message":"` + canary + `"}`)
			if status == http.StatusNoContent || status == http.StatusNotModified {
				a.body = nil
			}
		}})
	}
	return all
}

func kindOf(status int) source.Kind {
	switch status {
	case http.StatusNoContent:
		return source.Unreadable
	case http.StatusUnauthorized:
		return source.Unauthorized
	case http.StatusForbidden:
		return source.Forbidden
	case http.StatusNotFound, http.StatusGone:
		return source.Gone
	}
	return source.Transient
}

// bodies are answers with status 200 that are no list of entries, or are one in disguise.
func bodies() []fault {
	body := func(name string, change func([]byte) []byte) fault {
		return fault{name: name, want: source.Unreadable, spoil: func(a *answer) { a.body = change(a.body) }}
	}
	text := func(name, text string) fault {
		return body(name, func([]byte) []byte { return []byte(text) })
	}
	whole := func(f fault) fault {
		f.mayPass = true
		return f
	}
	html := text("HTML", "<!doctype html><html><title>"+canary+"</title></html>")
	mislabelled := whole(body("another content type", func(b []byte) []byte { return b }))
	mislabelled.spoil = func(a *answer) { a.header.Set("Content-Type", "text/html; charset="+canary) }
	return []fault{
		text("no body", ""), text("white space", " \r\n"), html, text("text", canary), text("null", "null"),
		text("a boolean", "true"), text("a number", "17"), text("a string", `"`+canary+`"`), text("an empty object", "{}"),
		text("an error with status 200", `{"error":"`+canary+`","status":"`+canary+`"}`),
		body("a body that ends too early", func(b []byte) []byte { return b[:len(b)-1] }),
		body("half a body", func(b []byte) []byte { return b[:len(b)/2] }),
		body("text after the end", func(b []byte) []byte { return append(bytes.Clone(b), canary...) }),
		body("a bracket after the end", func(b []byte) []byte { return append(bytes.Clone(b), ']') }),
		body("the body twice", func(b []byte) []byte { return bytes.Repeat(b, 2) }),
		body("NUL before the beginning", func(b []byte) []byte { return append([]byte{0}, b...) }),
		body("UTF-16", toUTF16),
		whole(body("a byte order mark", func(b []byte) []byte { return append([]byte("\ufeff"), b...) })),
		mislabelled,
	}
}

func toUTF16(b []byte) []byte {
	wide := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(string(b))) {
		wide = binary.LittleEndian.AppendUint16(wide, unit)
	}
	return wide
}

// connections are those that break.
func connections() []fault {
	return []fault{
		{name: "a broken connection", want: source.Transient, spoil: func(a *answer) { a.cut = true }},
		{name: "no connection", want: source.Transient, spoil: func(a *answer) { a.err = errors.New(canary) }},
	}
}
