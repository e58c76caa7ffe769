package auth0

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// Record writes the entry into an empty record. The body is the entry as it was sent.
func (e *entry) Record(record plog.LogRecord) {
	code := e.codes.row(e.text(fieldType))
	record.SetTimestamp(timestamp(e.time))
	record.SetObservedTimestamp(e.observed)
	record.SetEventName(code.event)
	record.SetSeverityNumber(code.Severity)
	record.SetSeverityText(code.severityText)
	record.SetTraceID(parseTraceID(e.text(fieldTraceID)))
	record.Body().SetStr(validUTF8(e.raw))

	attributes := record.Attributes()
	attributes.EnsureCapacity(e.count())
	attributes.PutStr("log.record.uid", e.uid())
	put(attributes, "user_log.type", e.text(fieldType))
	put(attributes, "user_log.name", code.Name)
	put(attributes, "user_log.category", code.Category)
	put(attributes, "user_log.outcome", code.Outcome)
	e.putWho(attributes)
	e.putWhere(attributes)
	e.putHow(attributes)
}

// count is the number of the entry's attributes, or a little more.
func (e *entry) count() int {
	// uid, name, category and outcome are always there, the e-mail address perhaps.
	n := 5
	for f, place := range e.fields {
		if place != nowhere && field(f) != fieldLogID && field(f) != fieldTraceID {
			n++
		}
	}
	return n
}

// putWho writes who did it, with which application.
func (e *entry) putWho(attributes pcommon.Map) {
	name := e.text(fieldUserName)
	put(attributes, "client.address", e.text(fieldIP))
	put(attributes, "user.id", e.text(fieldUserID))
	put(attributes, "user.name", name)
	if isEmail(name) {
		attributes.PutStr("user.email", name)
	}
	put(attributes, "user_agent.original", e.text(fieldUserAgent))
	put(attributes, "user_log.client.id", e.text(fieldClientID))
	put(attributes, "user_log.client.name", e.text(fieldClientName))
	put(attributes, "user_log.description", e.text(fieldDescription))
	put(attributes, "session.id", e.text(fieldSessionID))
	put(attributes, "tls.client.ja3", e.text(fieldJA3))
	put(attributes, "auth0.ja4", e.text(fieldJA4))
}

// putWhere writes from which place, and to which host.
func (e *entry) putWhere(attributes pcommon.Map) {
	put(attributes, "geo.country.iso_code", e.text(fieldCountryCode))
	put(attributes, "geo.locality.name", e.text(fieldCityName))
	putDouble(attributes, "geo.location.lat", e.text(fieldLatitude))
	putDouble(attributes, "geo.location.lon", e.text(fieldLongitude))
	put(attributes, "geo.continent.code", e.text(fieldContinentCode))
	put(attributes, "auth0.geo.country_name", e.text(fieldCountryName))
	put(attributes, "auth0.geo.country_code3", e.text(fieldCountryCode3))
	put(attributes, "auth0.geo.time_zone", e.text(fieldTimeZone))
	put(attributes, "server.address", e.text(fieldHostname))
}

// putHow writes what only Auth0 knows.
func (e *entry) putHow(attributes pcommon.Map) {
	put(attributes, "auth0.connection", e.text(fieldConnection))
	put(attributes, "auth0.connection_id", e.text(fieldConnectionID))
	put(attributes, "auth0.strategy", e.text(fieldStrategy))
	put(attributes, "auth0.strategy_type", e.text(fieldStrategyType))
	put(attributes, "auth0.audience", e.text(fieldAudience))
	putScopes(attributes, e.fields[fieldScope].value(e.raw))
	put(attributes, "auth0.organization.id", e.text(fieldOrganizationID))
	put(attributes, "auth0.organization.name", e.text(fieldOrganizationName))
	if mobile := e.text(fieldIsMobile); mobile != "" {
		attributes.PutBool("auth0.is_mobile", mobile == "true")
	}
	put(attributes, "auth0.tenant_name", e.text(fieldTenantName))
	put(attributes, "auth0.environment_name", e.text(fieldEnvironmentName))
}

// put sets an attribute unless its value is empty.
func put(attributes pcommon.Map, name, value string) {
	if value != "" {
		attributes.PutStr(name, value)
	}
}
