package kobil

import (
	"net/url"
	"strings"
)

// path is the path of the log (KOBIL docs: "User Logs"). SSMS has the tenant in the host name.
func (p Product) path() string {
	if p == SHIFT {
		return "/auth/realms/" + tenantSegment + "/v3_user/" + userSegment + "/logs"
	}
	return "/digitanium/v4/user/" + userSegment + "/logs"
}

// The placeholders of a template, spelled as in the vendor's documentation.
const (
	tenantSegment = "{tenantId}"
	userSegment   = "{userName}"
)

// template is a path in segments.
type template []string

func newTemplate(path string) template { return strings.Split(path, "/") }

// match reads tenant and user out of a path, percent-encoded as it was sent; "" is what the template does not name.
func (t template) match(escapedPath string) (tenant, user string, ok bool) {
	segments := strings.Split(escapedPath, "/")
	if len(segments) != len(t) {
		return "", "", false
	}
	for i, segment := range segments {
		text, err := url.PathUnescape(segment)
		if err != nil {
			return "", "", false
		}
		switch t[i] {
		case tenantSegment:
			tenant = text
		case userSegment:
			user = text
		case text:
		default:
			return "", "", false
		}
	}
	return tenant, user, true
}

// user is the user whose log a path is, or "".
func (t template) user(escapedPath string) string {
	_, user, _ := t.match(escapedPath)
	return user
}
