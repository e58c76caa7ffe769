package config

import (
	"errors"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// Endpoint is the origin of an API: https, or http on a loopback host.
type Endpoint string

// Validate refuses what a token must not be sent to. Its messages do not repeat the value, which may hold a secret by
// mistake.
func (e Endpoint) Validate() error {
	if strings.TrimSpace(string(e)) == "" {
		return errEmpty
	}
	u, err := checkURL(string(e))
	if err != nil {
		return err
	}
	if strings.Trim(u.Path, "/") != "" {
		return errors.New("must end with the host, without a path: the receiver adds the paths of the API")
	}
	return nil
}

// join is the address of a path below the endpoint; empty for an endpoint that Validate refuses.
func (e Endpoint) join(path string) string {
	u, err := url.Parse(string(e))
	if err != nil {
		return ""
	}
	return u.JoinPath(path).String()
}

// TokenURL is the address of a token endpoint; empty means the provider's own.
type TokenURL string

// Validate refuses what a client secret must not be sent to.
func (t TokenURL) Validate() error {
	if t == "" {
		return nil
	}
	_, err := checkURL(string(t))
	return err
}

func checkURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil {
		return nil, errors.New("is not a URL: write it as https://HOST")
	}
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, errors.New("does not begin with https://: write it as https://HOST")
	case u.Hostname() == "":
		return nil, errors.New("has no host: write it as https://HOST")
	case !isPort(u):
		return nil, errors.New("has a port that is none: write it as https://HOST or https://HOST:PORT")
	case u.User != nil:
		return nil, errors.New("holds a user or password: credentials belong under token, client_id or auth")
	case u.RawQuery != "" || u.Fragment != "" || u.ForceQuery:
		return nil, errors.New("holds a query or fragment: remove it")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return nil, errors.New("uses http, which would send the credentials in clear: use https (http is for loopback hosts only)")
	}
	return u, nil
}

func isPort(u *url.URL) bool {
	if u.Port() == "" {
		return !strings.HasSuffix(u.Host, ":")
	}
	n, err := strconv.ParseUint(u.Port(), 10, 16)
	return err == nil && n > 0
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}

// ProxyURL is the address of a proxy, which may hold a user and a password. It prints without them.
type ProxyURL string

// Validate refuses what is no address of a proxy. Its messages do not repeat the value.
func (p ProxyURL) Validate() error {
	if p == "" {
		return nil
	}
	u, err := url.Parse(string(p))
	switch {
	case err != nil || u.Hostname() == "":
		return errors.New("is not the URL of a proxy: write it as http://HOST:PORT")
	case u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "socks5" && u.Scheme != "socks5h":
		return errors.New("has a scheme that no proxy has: use http, https or socks5")
	}
	return nil
}

// String leaves user and password out.
func (p ProxyURL) String() string {
	u, err := url.Parse(string(p))
	if err != nil {
		return "[REDACTED]"
	}
	if u.User != nil {
		u.User = url.User("[REDACTED]")
		return strings.Replace(u.String(), u.User.String(), "[REDACTED]", 1)
	}
	return u.String()
}

// GoString is String.
func (p ProxyURL) GoString() string { return p.String() }

// MarshalText is String.
func (p ProxyURL) MarshalText() ([]byte, error) { return []byte(p.String()), nil }
