package day

import "github.com/userlog/userlog-otel/internal/emulator/invent"

// unusual: a login whose entry has one of the shapes that real entries have now and then and that break readers which
// decode into fixed types (vendor's schemas and public samples).
func (s *scene) unusual() {
	e := s.base("s", "Successful login")
	e.Details = object{"session_id": s.path.id}
	invent.Pick(s.day.rng, shapes())(s, e)
	s.emit(e)
}

func shapes() []func(*scene, *event) {
	return []func(*scene, *event){
		func(s *scene, e *event) { e.Type, e.Scope = "seacft", []string{"openid", "profile", "read:orders"} },
		func(_ *scene, e *event) {
			e.Type, e.Description = "fs", object{"code": "user_exists", "message": "The user already exists."}
		},
		func(_ *scene, e *event) { e.Type, e.Details = "fp", object{"error": "Wrong email or password."} },
		func(_ *scene, e *event) {
			e.Type, e.Details = "f", object{"error": object{"oauthError": "access_denied", "type": "oauth-authorization", "payload": null()}}
		},
		func(_ *scene, e *event) {
			e.Description, e.ClientName, e.Hostname = "", "", null()
			e.Audience, e.Scope, e.Details = null(), null(), null()
		},
		func(_ *scene, e *event) { e.IsMobile = nil },
		func(_ *scene, e *event) { e.Location = object{} },
		func(s *scene, e *event) { e.Location = object{"country_code": s.who.place.CountryCode} },
		func(_ *scene, e *event) { e.Location, e.Security, e.Schema = nil, nil, nil },
		func(_ *scene, e *event) { e.Client = []string{"auth0.js", "9.28.0"} },
		func(s *scene, e *event) {
			e.Details = object{"prompts": []object{{"name": "prompt-authenticate", "identity": 99_000_000 + s.day.rng.IntN(999_999)}}}
		},
		func(_ *scene, e *event) {
			e.Type, e.Description = "a_code_of_tomorrow", "A type that no table knows yet"
		},
	}
}
