package kobil

import (
	"net/url"
	"strings"
)

// Service is what KOBIL is called in records: service.name, and the first word of event names.
const Service = "kobil"

// Product is one of KOBIL's products. They serve the same logs under different paths.
type Product struct {
	// Path is that of a user's log, with {tenantId} and {userName} in the places of both.
	Path string
	// Instance tells the installations of the product apart, by the endpoint's host and the tenant.
	Instance func(host, tenant string) string
}

// pathOf is the path of a user's log, percent-encoded: names of users may be e-mail addresses.
func pathOf(template, tenant, user string) string {
	return strings.NewReplacer("{tenantId}", url.PathEscape(tenant), "{userName}", url.PathEscape(user)).Replace(template)
}
