package auth0

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/receiver/internal/record"
)

// Record writes the entry into an empty record. The body is the entry as it was sent.
func (e *entry) Record(r plog.LogRecord) {
	kind := e.text(fieldType)
	r.SetTraceID(parseTraceID(e.text(fieldTraceID)))
	attributes := record.Begin(r, record.Head{
		Time:     e.time,
		Observed: e.observed,
		UID:      e.uid(),
		Type:     kind,
		Code:     e.codes.Lookup(kind),
		Body:     e.raw,
		UTF8:     e.valid,
	}, e.count())
	e.putWho(attributes)
	e.putWhere(attributes)
	e.putHow(attributes)
}

// count is the number of the entry's own attributes, or a little more.
func (e *entry) count() int {
	n := 1 // an e-mail address perhaps
	for f, place := range e.fields {
		if place != nowhere && field(f) != fieldLogID && field(f) != fieldType && field(f) != fieldTraceID {
			n++
		}
	}
	return n
}

// putWho writes who did it, with which application.
func (e *entry) putWho(attributes pcommon.Map) {
	name := e.text(fieldUserName)
	record.Put(attributes, "client.address", e.text(fieldIP))
	record.Put(attributes, "user.id", e.text(fieldUserID))
	record.Put(attributes, "user.name", name)
	if isEmail(name) {
		attributes.PutStr("user.email", name)
	}
	record.Put(attributes, "user_agent.original", e.text(fieldUserAgent))
	record.Put(attributes, "user_log.client.id", e.text(fieldClientID))
	record.Put(attributes, "user_log.client.name", e.text(fieldClientName))
	record.Put(attributes, "user_log.description", e.text(fieldDescription))
	record.Put(attributes, "session.id", e.text(fieldSessionID))
	record.Put(attributes, "tls.client.ja3", e.text(fieldJA3))
	record.Put(attributes, "auth0.ja4", e.text(fieldJA4))
}

// putWhere writes from which place, and to which host.
func (e *entry) putWhere(attributes pcommon.Map) {
	record.Put(attributes, "geo.country.iso_code", e.text(fieldCountryCode))
	record.Put(attributes, "geo.locality.name", e.text(fieldCityName))
	putDouble(attributes, "geo.location.lat", e.text(fieldLatitude))
	putDouble(attributes, "geo.location.lon", e.text(fieldLongitude))
	record.Put(attributes, "geo.continent.code", e.text(fieldContinentCode))
	record.Put(attributes, "auth0.geo.country_name", e.text(fieldCountryName))
	record.Put(attributes, "auth0.geo.country_code3", e.text(fieldCountryCode3))
	record.Put(attributes, "auth0.geo.time_zone", e.text(fieldTimeZone))
	record.Put(attributes, "server.address", e.text(fieldHostname))
}

// putHow writes what only Auth0 knows.
func (e *entry) putHow(attributes pcommon.Map) {
	record.Put(attributes, "auth0.connection", e.text(fieldConnection))
	record.Put(attributes, "auth0.connection_id", e.text(fieldConnectionID))
	record.Put(attributes, "auth0.strategy", e.text(fieldStrategy))
	record.Put(attributes, "auth0.strategy_type", e.text(fieldStrategyType))
	record.Put(attributes, "auth0.audience", e.text(fieldAudience))
	putScopes(attributes, e.fields[fieldScope].value(e.raw))
	record.Put(attributes, "auth0.organization.id", e.text(fieldOrganizationID))
	record.Put(attributes, "auth0.organization.name", e.text(fieldOrganizationName))
	if mobile := e.text(fieldIsMobile); mobile != "" {
		attributes.PutBool("auth0.is_mobile", mobile == "true")
	}
	record.Put(attributes, "auth0.tenant_name", e.text(fieldTenantName))
	record.Put(attributes, "auth0.environment_name", e.text(fieldEnvironmentName))
}
