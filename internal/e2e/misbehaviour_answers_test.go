//go:build e2e

package e2e

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"unicode/utf16"
)

// TestMisbehaviourInAnswersCostsNoOtherLogAndNoEntry covers statuses, connections that break, and documents that are no
// list of entries.
func TestMisbehaviourInAnswersCostsNoOtherLogAndNoEntry(t *testing.T) {
	t.Parallel()
	w := newWorld(t, all()...)
	// None of these answers is larger than usual ones, so all that is allowed for is the unrest of the garbage collector.
	const bound = 48
	w.endureAll(slices.Concat(w.forAll(badStatuses()), w.dealt(brokenConnections()), w.forAll(badDocuments())), bound)
}

// badStatuses are answers that are no success, or a strange one.
func badStatuses() []misbehaviour {
	var all []misbehaviour
	for _, status := range []int{400, 403, 404, 408, 410, 418, 500, 501, 502, 503, 504, 599, 204, 206} {
		all = append(all, misbehaviour{
			name: fmt.Sprintf("status %d", status), told: fmt.Sprintf("answered %d", status),
			how: alike(answers(status, nil, "")),
		})
	}
	return append(
		all,
		misbehaviour{name: "a user who is gone, as the vendors say it", told: "answered 404", how: func(s *system) spoiler {
			return answers(http.StatusNotFound, http.Header{"Content-Type": {"application/json"}}, map[string]string{
				"auth0":  `{"statusCode":404,"error":"Not Found","message":"The user does not exist.","errorCode":"inexistent_user"}`,
				"kobil":  `{"message":"User does not exist","status":"USER_NOT_FOUND","subSystem":5}`,
				"canvas": `{"errors":[{"message":"The specified resource does not exist."}]}`,
			}[s.name])
		}},
		misbehaviour{
			name: "a user who is gone, with a status of success", systems: []string{"kobil"}, told: "USER_NOT_FOUND",
			how: alike(answers(http.StatusOK, nil, `{"message":"User does not exist","status":"USER_NOT_FOUND","subSystem":5}`)),
		},
		misbehaviour{
			// canvas-lms, spec/apis/v1/authentication_audit_api_spec.rb: 401 is about the right, too.
			name: "a right that is missing, told as 401", systems: []string{"canvas"}, told: "answered 401",
			how: alike(answers(http.StatusUnauthorized, nil, `{"status":"unauthorized","errors":[{"message":"user not authorized to perform that action"}]}`)),
		},
	)
}

// brokenConnections are answers that do not come to their end.
func brokenConnections() []misbehaviour {
	const head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	return []misbehaviour{
		{name: "the connection is closed without an answer", told: "connection was closed", how: alike(written(again("", "", 0, 0)))},
		{name: "the connection is reset without an answer", told: "connection reset", how: alike(written(resets))},
		{name: "the connection is closed within the head", told: "connection was closed", how: alike(written(again(head, "", 0, 0)))},
		{name: "the connection breaks within the body", told: "connection was closed", how: alike(breaks)},
		{name: "the answer is not HTTP", told: "no answer that can be read", how: alike(written(again("220 example.com ESMTP\r\n", "", 0, 0)))},
		{
			name: "Content-Length is more than what comes", told: "connection was closed",
			how: alike(written(again(head+"Content-Length: 1000\r\n\r\n[]", "", 0, 0))),
		},
		{
			name: "Content-Length is less than what comes", told: "answer ends inside",
			how: alike(written(again(head+"Content-Length: 1\r\n\r\n[]", "", 0, 0))),
		},
		{
			name: "Content-Length is no number", told: "no answer that can be read",
			how: alike(written(again(head+"Content-Length: -1\r\n\r\n[]", "", 0, 0))),
		},
		{
			name: "two lengths that differ", told: "no answer that can be read",
			how: alike(written(again(head+"Content-Length: 2\r\nContent-Length: 3\r\n\r\n[]", "", 0, 0))),
		},
		{
			name: "chunks that are none", told: "no answer that can be read",
			how: alike(written(again(head+"Transfer-Encoding: chunked\r\n\r\nnot-a-length\r\n[]", "", 0, 0))),
		},
	}
}

// badDocuments are bodies of a success that are no list of entries, or no JSON.
func badDocuments() []misbehaviour {
	const html = "<!DOCTYPE html>\n<html><body>Please log in</body></html>"
	var all []misbehaviour
	for name, m := range map[string]struct{ told, body string }{
		"a page of HTML":         {"HTML or XML, not JSON", html},
		"nothing":                {"answer is empty", ""},
		"white space":            {"answer is empty", " \r\n\t"},
		"null":                   {"answer", "null"},
		"an empty object":        {"answer", "{}"},
		"a number":               {"answer", "17"},
		"a text":                 {"answer", `"[]"`},
		"an object of no list":   {"GET ", `{"logs":17,"data":{"reportingInfoItems":{}},"events":"none"}`},
		"an error with 200":      {"answer", `{"statusCode":500,"error":"Internal Server Error","errors":[],"status":"ERROR"}`},
		"a list that is cut":     {"answer ends inside", `[{"date":"20`},
		"10,001 open brackets":   {"answer", string(bytes.Repeat([]byte("["), 10_001))},
		"NaN":                    {"not JSON", `[{"n":NaN}]`},
		"a comment":              {"not JSON", `[/* none */]`},
		"a comma at the end":     {"not JSON", `[{"n":1},]`},
		"what is no UTF-8":       {"not JSON", "\xff\xfe\xfd"},
		"a NUL that is not JSON": {"not JSON", "[{\"n\":\"a\x00b\"}]"},
	} {
		all = append(all, misbehaviour{name: "200 with " + name, told: m.told, how: alike(answers(http.StatusOK, nil, m.body))})
	}
	for name, m := range map[string]struct {
		told   string
		change func(body []byte) []byte
	}{
		"cut in the middle":        {"answer ends inside", func(body []byte) []byte { return body[:len(body)/2] }},
		"cut before its last byte": {"answer ends inside", func(body []byte) []byte { return bytes.TrimSpace(body)[:len(bytes.TrimSpace(body))-1] }},
		"with HTML behind it":      {"answer goes on after the end", func(body []byte) []byte { return append(body, " <html>"...) }},
		"twice":                    {"answer goes on after the end", func(body []byte) []byte { return append(body, body...) }},
		"with a NUL behind it":     {"answer goes on after the end", func(body []byte) []byte { return append(body, 0) }},
		"behind a byte order mark": {"not JSON", func(body []byte) []byte { return append([]byte("\ufeff"), body...) }},
		"in UTF-16":                {"not JSON", inUTF16},
	} {
		all = append(all, misbehaviour{name: "the page " + name, told: m.told, how: alike(altered(func(header http.Header, body []byte) []byte {
			header.Del("Content-Length")
			return m.change(body)
		}))})
	}
	for _, media := range []string{"text/html", "text/plain; charset=utf-16", "application/octet-stream", "nonsense", ""} {
		all = append(all, misbehaviour{name: "the page as " + media, how: alike(altered(func(header http.Header, body []byte) []byte {
			header["Content-Type"] = []string{media}
			return body
		}))})
	}
	return all
}

func inUTF16(body []byte) []byte {
	out := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(string(body))) {
		out = append(out, byte(unit), byte(unit>>8))
	}
	return out
}
