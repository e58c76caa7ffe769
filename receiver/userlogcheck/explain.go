package userlogcheck

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"strings"
	"syscall"

	"github.com/userlog/userlog-otel/receiver/internal/rest"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// explain is a failure in one line: the receiver's own text and, where that names no cure, one for a person who sits at
// the machine.
func explain(err error) string {
	text := oneLine(err.Error())
	if errors.Is(err, errLate) {
		return text + ": does a firewall drop what goes there, or is a proxy needed (proxy_url)?"
	}
	if cure := cureOf(err); cure != "" {
		return text + ": " + cure
	}
	return text
}

// isNetwork tells whether there was no answer at all.
func isNetwork(err error) bool {
	var network *net.OpError
	var certificate *tls.CertificateVerificationError
	var proxy *rest.ProxyError
	return errors.As(err, &network) || errors.As(err, &certificate) || errors.As(err, &proxy)
}

func cureOf(err error) string {
	if isNetwork(err) {
		return networkCure(err)
	}
	var status *rest.StatusError
	var asked *source.Error
	switch {
	case errors.As(err, &status) && status.Status >= http.StatusInternalServerError:
		return "a failure of its own: try again later"
	case source.KindOf(err) == source.Unreadable:
		return "is endpoint that of the API, or does something in between answer?"
	case strings.HasSuffix(err.Error(), "within the time-out"):
		return "does a firewall drop what goes there, or is a proxy needed (proxy_url)?"
	case errors.As(err, &asked) && asked.Kind == source.Transient && !strings.HasSuffix(err.Error(), "?"): // the receiver tries again, and names no cure
		return "is the address right, and the server well, or does something in between answer?"
	}
	return ""
}

func networkCure(err error) string {
	var (
		network   *net.OpError
		name      *net.DNSError
		authority x509.UnknownAuthorityError
		host      x509.HostnameError
		invalid   x509.CertificateInvalidError
		alert     tls.AlertError
		refusal   *rest.ProxyError
	)
	switch {
	case errors.As(err, &refusal):
		return "" // it names its own
	case errors.As(err, &network) && network.Op == "proxyconnect":
		return "the proxy cannot be reached: is proxy_url (or HTTPS_PROXY of the environment) right?"
	case errors.As(err, &name) && name.IsNotFound:
		return "is the name of the host right, and known to this machine's DNS?"
	case errors.As(err, &name):
		return "does this machine's DNS answer?"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nobody listens there: are host and port right?"
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return "there is no way to it: is this machine on the net, or is a proxy needed (proxy_url)?"
	case errors.As(err, &authority):
		return "set tls::ca_file to the certificate of that authority, which may be that of a proxy that looks into TLS"
	case errors.As(err, &host):
		return "the certificate is another host's: is the name of the host right?"
	case errors.As(err, &invalid):
		return "is this machine's clock right, and the certificate in force?"
	case errors.As(err, &alert):
		return "does the server want a certificate of ours (tls::cert_file and tls::key_file)?"
	}
	return "is the host up, and no firewall in between?"
}
