package rest

import (
	"errors"
	"fmt"
	"net/http"
)

// ProxyError is a proxy's refusal to open a way to the host.
type ProxyError struct {
	Status int // of its answer
}

func (e *ProxyError) Error() string {
	text := fmt.Sprintf("the proxy answered %d %s", e.Status, http.StatusText(e.Status))
	if e.Status == http.StatusProxyAuthRequired {
		return text + ": are there a user and a password in proxy_url, and are they right?"
	}
	return text + ": does it let this host through?"
}

// ProxyRefusal finds a proxy's refusal in the error of a request. Of its answer net/http leaves the reason phrase alone (go
// 1.26, Transport.dialConn), in which anything may stand: it counts if it is that of a status.
func ProxyRefusal(err error) (*ProxyError, bool) {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	for status := http.StatusBadRequest; status <= http.StatusNetworkAuthenticationRequired; status++ {
		if text := http.StatusText(status); text != "" && err.Error() == text {
			return &ProxyError{status}, true
		}
	}
	return nil, false
}
