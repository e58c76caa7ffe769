package pages

import (
	"fmt"
	"math/rand/v2"
)

// workload is what entries are made from.
type workload []template

// templates is how many different entries there are, besides what each has of its own.
const templates = 256

// newWorkload is the workload of the measurements: entries of Auth0's form with invented people in them, whose records have 22
// attributes each. They have 1,472 bytes on average, which is between what a plain login takes and one with several
// prompts; a test holds it.
func newWorkload() workload {
	r := rand.New(rand.NewPCG(1472, 22)) //nolint:gosec // the same entries in every run
	w := make(workload, templates)
	for i := range w {
		w[i] = newTemplate(entryText(r, i))
	}
	return w
}

// kind is a type of entry, with what stands in its details.
type kind struct {
	code, connection, strategy string
	detail                     string
}

// kinds come as often as they are listed: most entries of a tenant are logins and exchanges of codes.
func kinds() []kind {
	const (
		database = "Username-Password-Authentication"
		prompts  = `"prompts":[{"name":"prompt-authenticate","completedAt":1762511003871,"connection":"` + database + `",` +
			`"connection_id":"con_ExampleExample01","strategy":"auth0","identity":"` + userPlace + `","stats":{"loginsCount":17},` +
			`"elapsedTime":null},{"name":"login","flow":"universal-login","initiatedAt":1762511000000,"completedAt":1762511004000,` +
			`"user_id":"auth0|` + userPlace + `","user_name":"sofía.brandão@example.com","elapsedTime":4000}],`
		wrong = `"error":{"message":"Wrong email or password.\n\tThe answer was: \"invalid_grant\" (\\u00e9 is é)","oauthError":` +
			`"invalid_grant","type":"oauth-authorization","uri":"https://login.example.com/error?reason=a%20b"},"body":{"scope":` +
			`"openid profile email","grant_type":"http://auth0.com/oauth/grant-type/password-realm","realm":"` + database + `"},` +
			`"stack":["at verify (/srv/app/verify.js:17:3)","at next (/srv/app/router.js:118:9)"],`
		exchange = `"code":"*************************************Xy7","grant_type":"authorization_code","familyId":"7f3d2c1b-0a9e",` +
			`"actions":{"executions":["ZXhhbXBsZS1leGVjdXRpb24tb25lLW9mLXRoZS1wb3N0LWxvZ2luLWFjdGlvbnM","ZXhhbXBsZS1leGVjdXRpb24tdHdv"],` +
			`"outcomes":[{"name":"enrich \"profile\"","ms":12.5,"ok":true},{"name":"Größe prüfen","ms":3e0,"ok":false}]},`
		social = "google-oauth2"
	)
	return []kind{
		{"s", database, "auth0", prompts},
		{"seacft", database, "auth0", exchange},
		{"s", social, social, prompts},
		{"fp", database, "auth0", wrong},
		{"ssa", database, "auth0", exchange},
		{"s", "example-staff", "waad", prompts},
		{"slo", social, social, exchange},
		{"gd_auth_succeed", database, "auth0", exchange},
		{"limit_wc", database, "auth0", wrong},
		{"fsa", database, "auth0", wrong},
	}
}

// entryText is an entry with placeholders. Its members are in the order of the API.
func entryText(r *rand.Rand, i int) string {
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	k := kinds()[i%len(kinds())]
	return fmt.Sprintf(`{"date":"%s","type":"%s","description":null,"connection":"%s","connection_id":"","client_id":"%032x",`+
		`"client_name":"%s","ip":"%s","user_agent":"%s","details":{%s"initiatedAt":1762511000000,"completedAt":1762511004500,`+
		`"elapsedTime":4500,"session_id":"%s","note":"%s"},"hostname":"login.example.com","user_id":"auth0|%s","user_name":"%s",`+
		`"strategy":"%s","strategy_type":"","auth0_client":{"name":"auth0.js-ulp","version":"9.26.1-beta2"},"security_context":{"ja3":"%s",`+
		`"ja4":"t13d1516h2_%012x_%012x"},"location_info":{%s},"$event_schema":{"version":"1.0.0"},"log_id":"%s","_id":"%s"}`,
		datePlace, k.code, k.connection, r.Uint64(),
		pick("Customer Portal", `Shop \"Nord\"`, "Büro", "Back Office", "Mobile App"),
		pick("203.0.113.", "198.51.100.")+fmt.Sprint(1+r.IntN(254)),
		pick("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36",
			"Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
			"Firefox 136.0.0 / Ubuntu 0.0.0", "Mobile Safari 18.3.0 / iOS 18.3.0"),
		k.detail, fmt.Sprintf("%032x", r.Uint64()),
		pick("", "Erste Anmeldung über das neue Gerät", "a\\\\b \\\"c\\\"", "ログイン"),
		userPlace, pick("amélie.dupont@example.com", "oluwa.ito15@example.com", "r.brandao@staff.example.com", "jürgen.weiß@example.com"),
		k.strategy, fmt.Sprintf("%032x", r.Uint64()), r.Uint64()>>16, r.Uint64()>>16,
		pick(`"country_code":"DE","city_name":"Hamburg","latitude":53.5503,"longitude":9.9924`,
			`"country_code":"SE","city_name":"Göteborg","latitude":57.7072,"longitude":11.9668`,
			`"country_code":"BR","city_name":"São Paulo","latitude":-23.5475,"longitude":-46.6361`,
			`"country_code":"JP","city_name":"札幌","latitude":43.0642,"longitude":141.3469`),
		idPlace, idPlace)
}
