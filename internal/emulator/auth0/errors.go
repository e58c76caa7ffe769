package auth0

import (
	"net/http"
	"strconv"

	"github.com/userlog/userlog-otel/internal/emulator/cloud"
)

// apiError is the error body of the Management API (auth0 docs and recordings: statusCode, error, message; errorCode
// and attributes often absent).
type apiError struct {
	StatusCode int               `json:"statusCode"`
	Reason     string            `json:"error"`
	Message    string            `json:"message"`
	ErrorCode  string            `json:"errorCode,omitempty"`
	Attributes map[string]string `json:"attributes,omitempty"`
}

func newError(status int, message, code string) apiError {
	return apiError{StatusCode: status, Reason: http.StatusText(status), Message: message, ErrorCode: code}
}

// withAttributes repeats the message in attributes.error, as answers about bad tokens do.
func (e apiError) withAttributes() apiError {
	e.Attributes = map[string]string{"error": e.Message}
	return e
}

// The texts are those of public answers: recordings of the vendor's SDKs, its documentation, and threads on GitHub
// (auth0-reset-tenant#31 for 429, auth0.net#979 for invalid_paging).
var (
	errNotFound        = newError(http.StatusNotFound, "Not Found", "")
	errUserUnknown     = newError(http.StatusNotFound, "The user does not exist.", "inexistent_user")
	errLogUnknown      = newError(http.StatusNotFound, "The log event does not exist.", "") // text unverified
	errNoToken         = newError(http.StatusUnauthorized, "Missing authentication", "")
	errBadHeader       = newError(http.StatusBadRequest, "Bad HTTP authentication header format", "Bearer")
	errBadToken        = newError(http.StatusUnauthorized, "Invalid signature received for JSON Web Token validation", "").withAttributes()
	errExpiredToken    = newError(http.StatusUnauthorized, "Expired token received for JSON Web Token validation", "").withAttributes()
	errScope           = newError(http.StatusForbidden, "Insufficient scope, expected any of: read:logs,read:logs_users", "insufficient_scope")
	errUsersScope      = newError(http.StatusForbidden, "Insufficient scope, expected any of: read:users", "insufficient_scope")
	errSlowQuery       = newError(http.StatusServiceUnavailable, "The query did not complete within two seconds", "") // text unverified
	errTooManyRequests = newError(http.StatusTooManyRequests, "Global limit has been reached", "too_many_requests")
	errInternal        = newError(http.StatusInternalServerError, "An internal server error occurred", "")
	errUsersWindow     = newError(http.StatusBadRequest, "You can only page through the first 1000 records. See https://auth0.com/docs/users/search/v3/view-search-results-by-page#limitation", "invalid_paging")
)

// errLogsWindow is the answer to a page beyond the window; page counts from 0 as in the request, the message from 1
// (text: tfadeyi/auth0-simple-exporter#69).
func errLogsWindow(page int) apiError {
	return newError(http.StatusBadRequest, "Requesting page "+strconv.Itoa(page+1)+
		" exceeds the allowed maximum of 1000 records: please consider searching by checkpoint "+
		"https://auth0.com/docs/logs/retrieve-log-events-using-mgmt-api#retrieve-logs-by-checkpoint", "")
}

// errorForCheckpoint is the answer to a from that is refused (texts unverified).
func errorForCheckpoint(status int) apiError {
	if status == http.StatusNotFound {
		return errLogUnknown
	}
	return newError(status, "Invalid checkpoint: from is not the id of a log event", "")
}

// errQuery is the validator's answer to a bad query parameter (form: node-auth0#648; code: auth0 docs, error tables of
// the API reference).
func errQuery(problem, property, description string) apiError {
	return newError(http.StatusBadRequest,
		"Query validation error: '"+problem+"' on property "+property+" ("+description+").", "invalid_query_string")
}

// errorForToken is the answer to a request with such a token; nil if it is accepted.
func errorForToken(v cloud.Verdict) *apiError {
	switch v {
	case cloud.Accepted:
		return nil
	case cloud.Missing:
		return &errNoToken
	case cloud.Malformed:
		return &errBadHeader
	case cloud.Expired:
		return &errExpiredToken
	default:
		return &errBadToken
	}
}

// errorForUsers is the body that Auth0 sends with this status to a request for the list of users. 503 is its answer to a
// query that takes more than two seconds (auth0 docs: "User search best practices").
func errorForUsers(status int) apiError {
	switch status {
	case http.StatusForbidden:
		return errUsersScope
	case http.StatusNotFound:
		return errNotFound
	case http.StatusServiceUnavailable:
		return errSlowQuery
	default:
		return errorForStatus(status)
	}
}

// errorForStatus is the body that Auth0 sends with this status to a request about a user.
func errorForStatus(status int) apiError {
	switch status {
	case http.StatusUnauthorized:
		return errExpiredToken
	case http.StatusForbidden:
		return errScope
	case http.StatusNotFound:
		return errUserUnknown
	case http.StatusTooManyRequests:
		return errTooManyRequests
	case http.StatusInternalServerError:
		return errInternal
	default:
		return newError(status, http.StatusText(status), "")
	}
}
