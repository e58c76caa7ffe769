package config

import (
	"fmt"
	"strings"
)

// Attribute is the name of an attribute of a record.
type Attribute string

// uid is the attribute that names an entry within its source.
const uid = "log.record.uid"

// attributes are all that any record has, those that tell who it was first: the README of the receiver says which comes
// from which field. The last three are those of records that tell of gaps.
const attributes = `
	user.id user.name user.email client.address session.id device.id user_agent.original

	log.record.uid user_log.type user_log.name user_log.category user_log.outcome user_log.description
	user_log.client.id user_log.client.name

	geo.continent.code geo.country.iso_code geo.locality.name geo.location.lat geo.location.lon
	server.address tls.client.issuer tls.client.ja3

	auth0.audience auth0.connection auth0.connection_id auth0.environment_name auth0.geo.country_code3
	auth0.geo.country_name auth0.geo.time_zone auth0.is_mobile auth0.ja4 auth0.organization.id auth0.organization.name
	auth0.scope auth0.strategy auth0.strategy_type auth0.tenant_name

	kobil.archived kobil.certificate_serial_number kobil.status

	canvas.account.id canvas.login.id canvas.page_view.id

	user_log.gap.from user_log.gap.to user_log.gap.reason
`

// Validate refuses what no record has: misspelt, it would leave in the records what was to be kept out.
func (a Attribute) Validate() error {
	if strings.TrimSpace(string(a)) == "" {
		return errEmpty
	}
	name := strings.ToLower(string(a))
	nearest, apart := "", max(2, len(name)/3)+1 // what is further apart is another word, not a slip
	for known := range strings.FieldsSeq(attributes) {
		d := distance(name, known)
		if strings.HasSuffix(known, "."+name) { // one part is missing
			d = 1
		}
		if d < apart {
			nearest, apart = known, d
		}
	}
	switch nearest {
	case string(a):
		return nil
	case "":
		return fmt.Errorf("no record has an attribute %q: the README of the receiver lists all that there are", string(a))
	}
	return fmt.Errorf("no record has an attribute %q: did you mean %q?", string(a), nearest)
}

// distance is how many letters must be added, removed or exchanged to make one word of another (Levenshtein's).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			exchanged := diagonal
			if a[i] != b[j] {
				exchanged++
			}
			diagonal = row[j+1]
			row[j+1] = min(exchanged, diagonal+1, row[j]+1)
		}
	}
	return row[len(b)]
}
