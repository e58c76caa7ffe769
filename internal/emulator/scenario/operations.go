package scenario

import "time"

// Silence is the name of the scenario in which nothing happens: the days around it end SilentFor before its end.
const (
	Silence   = "silence"
	SilentFor = time.Hour
)

func operations() []Scenario {
	return []Scenario{
		{"protection-weakened", "an operator switches attack protection and second factors off", protectionWeakened},
		{"throttling", "an application is refused by the Management API for minutes", throttling},
		{Silence, "nothing happens for an hour, in any system", silence},
	}
}

// object is a JSON object.
type object = map[string]any

// The descriptions and bodies are those that Auth0's detections attack_protection_features_turned_off and
// mfa_downgrade_* look for.
func protectionWeakened(s *stage) {
	const n = 10
	s.as(n)
	s.tenant.Setting("Update Brute-force settings", "/api/v2/attack-protection/brute-force-protection",
		object{"enabled": false, "shields": []string{}, "mode": "count_per_identifier_and_ip", "max_attempts": 10})
	s.tenant.Wait(2 * time.Second)
	s.tenant.Setting("Update multi-factor authentication type", "/api/v2/guardian/factors/webauthn-roaming", object{"enabled": false})
	s.tenant.Wait(2 * time.Second)
	s.tenant.Setting("Update multi-factor authentication policies", "/api/v2/guardian/policies", []string{})
	s.user(n, Actor{"client.address": s.people.Person(s.member(n)).Address})
}

func throttling(s *stage) {
	var client string
	s.over(9*time.Minute, 20, func(int, time.Time) { client = s.tenant.Throttled() })
	s.actors = append(s.actors, Actor{"service.name": "auth0", "user_log.client.id": client})
}

func silence(s *stage) {
	for _, system := range []string{"auth0", "kobil", "canvas"} {
		s.actors = append(s.actors, Actor{"service.name": system})
	}
}
