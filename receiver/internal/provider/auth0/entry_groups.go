package auth0

// group is an object in which fields lie.
type group uint8

const (
	noGroup group = iota
	topLevel
	details
	locationInfo
	securityContext
	references
)

// fields is the range of the fields that lie in a group below the top level.
func (g group) fields() (first, end field) {
	switch g {
	case locationInfo:
		return fieldCountryCode, fieldJA3
	case securityContext:
		return fieldJA3, fieldTraceID
	case references:
		return fieldTraceID, fieldTraceID + 1
	case details:
		return fieldDetailsSessionID, fieldDetailsSessionID + 1
	case noGroup, topLevel:
	}
	return fieldNone, fieldNone
}

// member finds the field of a member of the group, or the group that the member holds if it is an object.
func (g group) member(name string) (field, group) {
	switch g {
	case topLevel:
		return topLevelMember(name)
	case details:
		if name == "session_id" {
			return fieldDetailsSessionID, noGroup
		}
	case references:
		if name == "trace_id" {
			return fieldTraceID, noGroup
		}
	case securityContext:
		switch name {
		case "ja3":
			return fieldJA3, noGroup
		case "ja4":
			return fieldJA4, noGroup
		}
	case locationInfo:
		return locationField(name), noGroup
	case noGroup:
	}
	return fieldNone, noGroup
}

// topLevelMember is member for the entry itself.
func topLevelMember(name string) (field, group) {
	switch name {
	case "details":
		return fieldNone, details
	case "location_info":
		return fieldNone, locationInfo
	case "security_context":
		return fieldNone, securityContext
	case "references":
		return fieldNone, references
	}
	return topLevelField(name), noGroup
}
