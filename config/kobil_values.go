package config

import (
	"errors"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Product is one of the two systems that have KOBIL's user logs.
type Product string

// The products, as the vendor names them.
const (
	ProductSSMS  Product = "ssms"
	ProductSHIFT Product = "shift"
)

// Validate refuses what is neither of them.
func (p Product) Validate() error {
	if p == "" {
		return errors.New("empty: set it to ssms or shift")
	}
	return oneOf(string(p), string(ProductSSMS), string(ProductSHIFT))
}

// TenantID is the id of a tenant of KOBIL; empty means none.
type TenantID string

// Validate refuses what is no segment of a path.
func (t TenantID) Validate() error {
	switch {
	case t == "":
		return nil
	case strings.Contains(string(t), "/"):
		return errors.New("holds a slash: set it to the tenant's id alone")
	}
	return UserID(t).Validate()
}

// RowLimit is a number from 1 to 1,000.
type RowLimit int

// maxRowLimit bounds a page of KOBIL. The vendor documents no largest limit, so one above those of other APIs is left
// to the user; a thousand entries of some hundred bytes, as in the vendor's sample, are far below max_response_size.
const maxRowLimit = 1000

// Validate refuses what is not from 1 to 1,000.
func (r RowLimit) Validate() error { return between(int(r), maxRowLimit) }

// The places in a path template that the receiver fills in, percent-encoded.
const (
	userNamePlace = "{userName}"
	tenantIDPlace = "{tenantId}"
)

// PathTemplate is the path of a user's logs, with {userName} and, if need be, {tenantId} where they belong; empty means
// the product's own. What stands around them is percent-encoded already.
type PathTemplate string

// Validate refuses what is no path, or not that of one user. Its messages do not repeat the value, which may be a whole
// URL by mistake, and hold a password.
func (p PathTemplate) Validate() error {
	path := string(p)
	filled := strings.NewReplacer(userNamePlace, "user", tenantIDPlace, "tenant").Replace(path)
	switch {
	case path == "":
		return nil
	case !utf8.ValidString(path) || strings.ContainsFunc(path, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }):
		return errors.New("holds a space or a control character, or is not UTF-8: remove it, or write a space as %20")
	case !strings.HasPrefix(path, "/"):
		return errors.New("must begin with /, as in /digitanium/v4/user/{userName}/logs")
	case strings.ContainsAny(path, "?#"):
		return errors.New("holds a query or fragment: remove it")
	case strings.Count(path, userNamePlace) != 1:
		return errors.New("must hold {userName} once, as in /digitanium/v4/user/{userName}/logs")
	case strings.ContainsAny(filled, "{}"):
		return errors.New("holds braces that are not those of {userName} or {tenantId}: remove them")
	}
	return validatePath(filled)
}

// validatePath refuses what a server, or a client that cleans paths, would read as another path. One character that
// belongs encoded is enough for net/url to encode the whole path anew, and to turn the %2F of a user's name into a slash.
func validatePath(path string) error {
	plain, err := url.PathUnescape(path)
	if err != nil {
		return errors.New("holds a % that encodes no character: write it as %25")
	}
	if (&url.URL{Path: plain, RawPath: path}).EscapedPath() != path {
		return errors.New("holds a character that must be percent-encoded in a path, such as a quote or a letter with an accent: encode it")
	}
	for segment := range strings.SplitSeq(strings.TrimSuffix(path[1:], "/"), "/") {
		if plain, _ := url.PathUnescape(segment); plain == "" || plain == "." || plain == ".." {
			return errors.New(`holds a segment that is empty, "." or "..": remove it`)
		}
	}
	return nil
}
