//go:build e2e

package e2e

import (
	"net/http"
	"strings"
	"testing"
)

// TestMisbehaviourInSizeCostsNoMemory answers with far more than max_response_size: in the body, in what the body becomes
// when it is decompressed, and in the head.
func TestMisbehaviourInSizeCostsNoMemory(t *testing.T) {
	t.Parallel()
	w := newWorld(t, all()...)
	w.keys["max_response_size"] = "1MiB"
	// Less than any one of the bodies below, which come to five readers at once. Heads are bounded apart: see endlessHeads.
	const bound = 60
	w.endureAll(w.dealt(append(largeBodies(), wrongEncodings()...)), bound)
}

// TestMisbehaviourInTheHeadCostsNoMemoryOfNote is apart because net/http itself reads a head of up to 10 MiB, and keeps it
// while it does (net/http, Transport.MaxResponseHeaderBytes).
func TestMisbehaviourInTheHeadCostsNoMemoryOfNote(t *testing.T) {
	t.Parallel()
	w := newWorld(t, all()...)
	w.keys["max_response_size"] = "1MiB"
	// Three readers meet it at once. A line that grows is there up to three times, and the collector of garbage lets all of
	// that double.
	const bound = 3 * 10 * 3 * 2
	w.endureAll(w.dealt(endlessHeads()), bound)
}

const tooLarge = "larger than max_response_size"

// largeBodies are bodies without measure, of 64 MiB at least.
func largeBodies() []misbehaviour {
	const (
		head     = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
		chunked  = head + "Transfer-Encoding: chunked\r\n\r\n"
		mebibyte = 1 << 20
	)
	spaces := strings.Repeat(" ", mebibyte)
	chunk := "100000\r\n" + spaces + "\r\n"
	return []misbehaviour{
		{name: "64 MiB, as the head says", told: tooLarge, how: alike(written(again(head+"Content-Length: 67108864\r\n\r\n", spaces, 64, 0)))},
		{name: "64 MiB, until the connection is closed", told: tooLarge, how: alike(written(again(head+"\r\n", spaces, 64, 0)))},
		{name: "chunks without end", told: tooLarge, how: alike(written(again(chunked, chunk, -1, 0)))},
		{name: "a chunk of 2^63-1 bytes", told: tooLarge, how: alike(written(again(chunked+"7fffffffffffffff\r\n", spaces, -1, 0)))},
		{name: "an error of 64 MiB", told: "answered 500", how: alike(written(again(
			"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 67108864\r\n\r\n", spaces, 64, 0)))},
		{name: "1 GiB in 1 MiB", told: tooLarge, how: alike(inflates(1 << 10))},
		{name: "an entry in front of white space without end", told: tooLarge, how: alike(written(again(chunked+"3\r\n[{}\r\n", chunk, -1, 0)))},
		{name: "a million keys", told: tooLarge, how: alike(answers(http.StatusOK, nil, `[{"a":1`+strings.Repeat(`,"k":1`, 1_000_000)+"}]"))},
	}
}

// wrongEncodings are bodies that are not in the encoding that the head names, or in one that was not asked for.
func wrongEncodings() []misbehaviour {
	inner := string(zipped("[]"))
	encoded := func(encoding, body string) func(*system) spoiler {
		return alike(answers(http.StatusOK, http.Header{"Content-Encoding": {encoding}}, body))
	}
	return []misbehaviour{
		{name: "gzip in gzip", told: "not JSON", how: encoded("gzip", string(zipped(inner)))},
		{name: "gzip in gzip, as the head says", told: "not JSON", how: encoded("gzip, gzip", string(zipped(inner)))},
		{name: "br, which was not asked for", told: "not JSON", how: encoded("br", "\x8b\x01\x80[]\x03")},
		{name: "gzip that is none", told: "cannot be decompressed", how: encoded("gzip", "[] but no gzip")},
		{name: "gzip that is cut", told: "connection was closed", how: encoded("gzip", inner[:len(inner)-5])},
		{name: "gzip with a wrong sum", told: "cannot be decompressed", how: encoded("gzip", inner[:len(inner)-8]+"\x00\x00\x00\x00\x02\x00\x00\x00")},
		{name: "gzip that is not named", told: "not JSON", how: alike(answers(http.StatusOK, http.Header{"Content-Type": {"application/json"}}, inner))},
	}
}

// endlessHeads are answers whose head does not come to an end, or not soon.
func endlessHeads() []misbehaviour {
	const (
		status = "HTTP/1.1 200 OK\r\n"
		hint   = "HTTP/1.1 103 Early Hints\r\nX-Filler: x\r\n\r\n"
		// told is all that is said of a head that cannot be read: net/http's own text may quote it.
		told = "GET "
	)
	filler := strings.Repeat("x", 64<<10)
	lines := strings.Repeat("X-Filler: "+filler[:1000]+"\r\n", 64)
	return []misbehaviour{
		{name: "headers without end", told: told, how: alike(written(again(status, lines, -1, 0)))},
		{name: "headers of 20 MB", told: told, how: alike(written(again(status, lines, 300, 0)))},
		{name: "one header without end", told: told, how: alike(written(again(status+"X-Filler: ", filler, -1, 0)))},
		{name: "hints of what is to come without end", told: told, how: alike(written(again("", strings.Repeat(hint, 1000), -1, 0)))},
		{name: "headers of 1 MB before a good answer", how: alike(altered(func(header http.Header, body []byte) []byte {
			for range 16 {
				header.Add("X-Filler", filler)
			}
			return body
		}))},
	}
}
