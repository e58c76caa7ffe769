package kobil

import (
	"net/http"
	"strconv"
)

// result is what every answer of the API says of itself, its fields in the order of the sample.
type result struct {
	Message   string `json:"message"`
	Status    string `json:"status"`
	SubSystem int    `json:"subSystem"`
}

// subSystem is that of the sample. What its numbers mean is not public.
const subSystem = 5

var (
	fetched = result{"Logs fetched successfully", "OK", subSystem}
	// errNoUser is documented; that it comes in the envelope of other answers is unverified.
	errNoUser    = result{"User does not exist", "USER_NOT_FOUND", subSystem}
	errBadPaging = result{"limit and offset must be whole numbers from 0 on", "BAD_REQUEST", subSystem} // unverified
)

// keycloakError is an error of Keycloak, which checks the token and knows the realms.
type keycloakError struct {
	Error       string `json:"error"`
	Description string `json:"error_description,omitempty"`
}

// errNoRealm is the answer about a tenant that there is not (Keycloak, RealmsResource).
var errNoRealm = keycloakError{Error: "Realm does not exist"}

// httpError is the text of a bare status, as Keycloak writes it. For 401 the documentation names it, "HTTP 401
// Unauthorized"; that it stands in this field is unverified.
func httpError(status int) keycloakError {
	return keycloakError{Error: "HTTP " + strconv.Itoa(status) + " " + http.StatusText(status)}
}

// errorForStatus is the body of a status that a test ordered for a user, or of a user who is not known.
func errorForStatus(status int) any {
	if status == http.StatusNotFound {
		return errNoUser
	}
	return httpError(status)
}
