package canvas

import (
	"net/http"
	"strconv"

	"github.com/userlog/userlog-otel/internal/emulator/cloud"
)

// contentType is that of JSON answers of Rails.
const contentType = "application/json; charset=utf-8"

// apiError is an error body. Status is absent in some.
type apiError struct {
	Status string    `json:"status,omitempty"`
	Errors []message `json:"errors"`
}

type message struct {
	Message string `json:"message"`
	Code    string `json:"error_code,omitempty"`
}

// The bodies about tokens and rights are those of canvas-lms (lib/authentication_methods.rb); the one of a bad token, which
// has no status, was measured by clients. The text of 404 is that of the source; its form and 500 are unverified.
var (
	errNoToken    = apiError{"unauthenticated", []message{{Message: "user authorization required"}}}
	errBadToken   = apiError{"", []message{{Message: "Invalid access token."}}}
	errNotAllowed = apiError{"unauthorized", []message{{Message: "user not authorized to perform that action"}}}
	errNotFound   = apiError{"", []message{{Message: "The specified resource does not exist."}}}
	errInternal   = apiError{"", []message{{"An error occurred.", "internal_server_error"}}}
)

// writeUnauthenticated sends a 401 about the token; one about a right has no WWW-Authenticate.
func writeUnauthenticated(w http.ResponseWriter, e apiError) {
	w.Header().Set("WWW-Authenticate", `Bearer realm="canvas-lms"`)
	cloud.WriteJSON(w, http.StatusUnauthorized, contentType, e)
}

// writeStatus sends the error that comes with this status to a request for a log.
func writeStatus(w http.ResponseWriter, status int) {
	e := errInternal
	switch status {
	case http.StatusTooManyRequests:
		writeThrottled(w, status)
		return
	case http.StatusUnauthorized, http.StatusForbidden:
		e = errNotAllowed
	case http.StatusNotFound:
		e = errNotFound
	}
	cloud.WriteJSON(w, status, contentType, e)
}

// writeThrottled refuses a request, in plain text and without Retry-After (canvas-lms,
// app/middleware/request_throttle.rb). Whatever its status is, the documentation has "Forbidden" in the text.
func writeThrottled(w http.ResponseWriter, status int) {
	cloud.WriteBody(w, status, "text/plain; charset=utf-8", []byte(strconv.Itoa(status)+" Forbidden (Rate Limit Exceeded)\n"))
}
