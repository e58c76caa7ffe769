package day

import (
	"math/rand/v2"

	"github.com/userlog/userlog-otel/internal/emulator/invent"
)

// device is what a user holds in the hand.
type device struct {
	agent  string
	mobile bool
	ja3    string // TLS fingerprints, as in security_context
	ja4    string
}

// devices invents one or two for a user. Auth0 writes user agents in a short form, name and version of the program,
// then of the system.
func devices(r *rand.Rand) []device {
	n := 1 + r.IntN(2)
	out := make([]device, n)
	for i := range out {
		out[i] = device{ja3: invent.Hex(r, 32), ja4: "t13d" + invent.Digits(r, 4) + "h2_" + invent.Hex(r, 12) + "_" + invent.Hex(r, 12)}
		if invent.Chance(r, 35) {
			out[i].mobile = true
			out[i].agent = invent.Pick(r, []string{
				"Mobile Safari 18.3.0 / iOS 18.3.0",
				"Chrome Mobile 134.0.0 / Android 15.0.0",
				"Chrome Mobile 132.0.0 / Android 14.0.0",
			})
			continue
		}
		out[i].agent = invent.Pick(r, []string{
			"Chrome 134.0.0 / Mac OS X 10.15.7",
			"Chrome 134.0.0 / Windows 10.0.0",
			"Edge 133.0.0 / Windows 10.0.0",
			"Firefox 136.0.0 / Ubuntu 0.0.0",
			"Safari 18.3.0 / Mac OS X 10.15.7",
		})
	}
	return out
}

// app is an application registered in the tenant.
type app struct {
	id, name, audience, scope string
}

func apps(r *rand.Rand) []app {
	const openid = "openid profile email"
	return []app{
		{invent.Alphanumeric(r, 32), "Customer Portal", "https://api.example.com/portal", openid},
		{invent.Alphanumeric(r, 32), "Web Shop", "https://api.example.com/shop", openid + " read:orders write:orders"},
		{invent.Alphanumeric(r, 32), "Mobile App", "https://api.example.com/mobile", openid + " offline_access"},
		{invent.Alphanumeric(r, 32), "Back Office", "https://api.example.com/office", openid + " read:customers"},
	}
}

// machines are the applications without a user; the first is the one that administers the tenant.
func machines(r *rand.Rand) []app {
	return []app{
		{invent.Alphanumeric(r, 32), "Deploy Tool", "https://" + tenantDomain + "/api/v2/", "read:users update:users read:clients update:clients read:connections"},
		{invent.Alphanumeric(r, 32), "Nightly Export", "https://api.example.com/export", "read:orders"},
		{invent.Alphanumeric(r, 32), "Invoice Worker", "https://api.example.com/billing", "read:invoices write:invoices"},
	}
}
