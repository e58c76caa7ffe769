package auth0

// field is a member of an entry that says something for the record. The names are those of the Management API's log
// entries (auth0/auth0-log-schemas), of recorded answers, and of log streams where those differ.
type field uint8

const (
	fieldNone field = iota
	fieldLogID
	fieldType
	fieldIP
	fieldUserID
	fieldUserName
	fieldUserAgent
	fieldClientID
	fieldClientName
	fieldDescription
	fieldHostname
	fieldSessionID
	fieldConnection
	fieldConnectionID
	fieldStrategy
	fieldStrategyType
	fieldAudience
	fieldScope
	fieldOrganizationID
	fieldOrganizationName
	fieldIsMobile
	fieldTenantName
	fieldEnvironmentName

	fieldCountryCode
	fieldCountryCode3
	fieldCountryName
	fieldCityName
	fieldLatitude
	fieldLongitude
	fieldTimeZone
	fieldContinentCode

	fieldJA3
	fieldJA4

	fieldTraceID

	// The fields from here on stand in for others, and are not kept.

	fieldOldID // "_id": older answers have no "log_id"
	fieldClientIP
	fieldIsMobileStream // "is_mobile": the name in log streams; the API says "isMobile"
	fieldDate
	fieldDetailsSessionID

	numFields
	numKept = fieldOldID
)

// topLevelField finds the field of a member of the entry itself.
func topLevelField(name string) field {
	switch name {
	case "log_id":
		return fieldLogID
	case "_id":
		return fieldOldID
	case "date":
		return fieldDate
	case "type":
		return fieldType
	case "ip":
		return fieldIP
	case "client_ip":
		return fieldClientIP
	case "user_id":
		return fieldUserID
	case "user_name":
		return fieldUserName
	case "user_agent":
		return fieldUserAgent
	case "client_id":
		return fieldClientID
	case "client_name":
		return fieldClientName
	case "description":
		return fieldDescription
	case "hostname":
		return fieldHostname
	case "session_id":
		return fieldSessionID
	case "connection":
		return fieldConnection
	case "connection_id":
		return fieldConnectionID
	case "strategy":
		return fieldStrategy
	case "strategy_type":
		return fieldStrategyType
	case "audience":
		return fieldAudience
	case "scope":
		return fieldScope
	case "organization_id":
		return fieldOrganizationID
	case "organization_name":
		return fieldOrganizationName
	case "isMobile":
		return fieldIsMobile
	case "is_mobile":
		return fieldIsMobileStream
	case "tenant_name":
		return fieldTenantName
	case "environment_name":
		return fieldEnvironmentName
	}
	return fieldNone
}

// locationField finds the field of a member of location_info.
func locationField(name string) field {
	switch name {
	case "country_code":
		return fieldCountryCode
	case "country_code3":
		return fieldCountryCode3
	case "country_name":
		return fieldCountryName
	case "city_name":
		return fieldCityName
	case "latitude":
		return fieldLatitude
	case "longitude":
		return fieldLongitude
	case "time_zone":
		return fieldTimeZone
	case "continent_code":
		return fieldContinentCode
	}
	return fieldNone
}
