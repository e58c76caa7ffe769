package day

import "github.com/userlog/userlog-otel/internal/emulator/invent"

// machineToken: an application without a user fetches a token.
func (s *scene) machineToken() {
	s.app = invent.Pick(s.day.rng, s.day.machine)
	s.emit(s.machineEvent("seccft", "Client Credentials for Access Token"))
}

// machineEvent is an event without person, device and place; the API sends empty strings and nulls then.
func (s *scene) machineEvent(kind, description string) *event {
	s.path.trace = ""
	e := s.base(kind, description).anonymous()
	e.Connection, e.ConnectionID, e.Strategy, e.StrategyType = null(), "", null(), null()
	e.IP, e.UserAgent, e.IsMobile = "198.51.100.9", "unknown", false
	e.Audience, e.Scope = s.app.audience, s.app.scope
	e.Security, e.Location, e.Details = object{"ja3": invent.Hex(s.day.rng, 32)}, null(), null()
	return e
}

// operation is a request to the Management API, and its answer.
type operation struct {
	name, method, path string
	status             int
	body               any
}

// administration: an operation of the Management API, by a person in the dashboard or by a machine.
func (s *scene) administration() {
	target := invent.Pick(s.day.rng, s.day.people)
	op := invent.Pick(s.day.rng, []operation{
		{"Update a User", "patch", "/api/v2/users/" + target.id, 200, object{"blocked": false, "user_id": target.id}},
		{"Update a client", "patch", "/api/v2/clients/" + s.app.id, 200, object{"name": s.app.name}},
		{"Update a connection", "patch", "/api/v2/connections/" + s.who.conn.id, 200, []string{"enabled_clients"}},
		{"Delete a device credential", "delete", "/api/v2/device-credentials/dcr_" + invent.Alphanumeric(s.day.rng, 16), 204, object{}},
	})
	jti := invent.Hex(s.day.rng, 32)
	if invent.Chance(s.day.rng, 50) {
		s.app = s.day.machine[0]
		s.operated(s.machineEvent("sapi", op.name), op, "api", jti, object{})
		return
	}
	s.byHand(op, jti)
}

// byHand: the person does it in the dashboard. jti is the id of the person's token.
func (s *scene) byHand(op operation, jti string) {
	s.operated(s.base("sapi", op.name), op, "https://manage.example.com/", jti, object{
		"user_id": s.who.id, "name": s.who.name, "email": s.who.email,
	})
}

// operated emits the event e of an operation that came through a channel, by a user.
func (s *scene) operated(e *event, op operation, channel, jti string, user object) {
	auth := object{"strategy": "jwt", "credentials": object{"jti": jti}, "user": user}
	e.Details = object{
		"request": object{
			"ip": e.IP, "method": op.method, "path": op.path, "query": object{}, "body": object{},
			"channel": channel, "userAgent": e.UserAgent, "auth": auth,
		},
		"response": object{"statusCode": op.status, "body": op.body},
	}
	s.emit(e)
}
