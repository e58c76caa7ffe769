package day

import (
	"encoding/json"
	"fmt"
	"time"
)

const (
	tenantName   = "example-tenant"
	tenantDomain = "example-tenant.eu.auth0.example.com"
	// timeFormat is that of date in every sample of the API: UTC, milliseconds, Z.
	timeFormat = "2006-01-02T15:04:05.000Z"
)

// event is a log event; its keys stand in the order of the API. Fields of type any can also be null or of an unusual
// type; nil leaves the key out.
type event struct {
	Date         string         `json:"date"`
	Type         string         `json:"type"`
	Description  any            `json:"description,omitempty"`
	Connection   any            `json:"connection,omitempty"`
	ConnectionID any            `json:"connection_id,omitempty"`
	ClientID     any            `json:"client_id,omitempty"`
	ClientName   any            `json:"client_name,omitempty"`
	IP           any            `json:"ip,omitempty"`
	UserAgent    any            `json:"user_agent,omitempty"`
	Details      any            `json:"details,omitempty"`
	Hostname     any            `json:"hostname,omitempty"`
	UserID       any            `json:"user_id,omitempty"`
	UserName     any            `json:"user_name,omitempty"`
	Audience     any            `json:"audience,omitempty"`
	Scope        any            `json:"scope,omitempty"`
	Strategy     any            `json:"strategy,omitempty"`
	StrategyType any            `json:"strategy_type,omitempty"`
	Client       any            `json:"auth0_client,omitempty"`
	References   any            `json:"references,omitempty"`
	Security     any            `json:"security_context,omitempty"`
	Location     any            `json:"location_info,omitempty"`
	TenantName   any            `json:"tenant_name,omitempty"`
	Schema       map[string]any `json:"$event_schema,omitempty"`
	ID           string         `json:"_id"`
	LogID        string         `json:"log_id"`
	IsMobile     any            `json:"isMobile,omitempty"`
}

// null is JSON's null, as a value that is not left out.
func null() any { return json.RawMessage("null") }

// object is a JSON object; encoding/json writes its keys sorted, so it is repeatable.
type object = map[string]any

// milliseconds is a time as it stands within details.
func milliseconds(t time.Time) int64 { return t.UnixMilli() }

// session is what the events of one login share.
type session struct {
	id string
	// trace is a W3C trace id, or "".
	trace string
}

// scene is a little play: functions move its clock and emit events.
type scene struct {
	day    *Day
	at     time.Time
	who    *person
	app    app
	device device
	path   session
	events []Event
}

// pause moves the clock by a random time.
func (s *scene) pause(least, most time.Duration) {
	d := least + time.Duration(s.day.rng.Int64N(int64(most-least)+1))
	s.at = s.at.Add(d.Truncate(time.Millisecond))
}

// base is an event at the scene's time with what every event of a person at a device has.
func (s *scene) base(kind, description string) *event {
	mobile := s.device.mobile
	e := &event{
		Date: s.at.Format(timeFormat), Type: kind, Description: description,
		Connection: s.who.conn.name, ConnectionID: s.who.conn.id,
		ClientID: s.app.id, ClientName: s.app.name,
		IP: s.who.ip, UserAgent: s.device.agent, Hostname: tenantDomain,
		UserID: s.who.id, UserName: s.who.email,
		Strategy: s.who.conn.strategy, StrategyType: s.who.conn.kind,
		Security: object{"ja3": s.device.ja3, "ja4": s.device.ja4}, Location: s.who.place,
		TenantName: tenantName, Schema: object{"version": "1.0.0"}, IsMobile: mobile,
	}
	if s.path.trace != "" {
		e.References = object{"trace_id": s.path.trace}
	}
	return e
}

// anonymous takes from an event what names a user; the empty string is what the API sends then.
func (e *event) anonymous() *event {
	e.UserID, e.UserName = "", ""
	return e
}

// emit finishes the event: it gets its arrival and its id, and goes into the log of the user that it names.
func (s *scene) emit(e *event) {
	d := s.day
	d.seq++
	arrival := s.at.Add(delay(d.rng))
	e.LogID = logID(arrival, d.seq)
	e.ID = e.LogID
	raw, err := json.Marshal(e)
	if err != nil {
		panic(fmt.Sprintf("day: event %s cannot be encoded: %v", e.Type, err)) // own data only
	}
	user, _ := e.UserID.(string)
	s.events = append(s.events, Event{User: user, Date: s.at, Arrival: arrival, Entry: raw, id: e.LogID})
}
