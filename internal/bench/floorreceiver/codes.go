package floorreceiver

import "go.opentelemetry.io/collector/pdata/plog"

// code is what a type of entry means, and what follows from it.
type code struct {
	name, category, outcome, event, severityText string
	severity                                     plog.SeverityNumber
}

// codes are those of the page server's entries, as user_log has them.
func codes() map[string]code {
	all := map[string]code{}
	add := func(kind, name, category, outcome string, severity plog.SeverityNumber, text string) {
		all[kind] = code{name, category, outcome, "auth0." + kind, text, severity}
	}
	info := func(kind, name, category string) {
		add(kind, name, category, "success", plog.SeverityNumberInfo, "INFO")
	}
	info("s", "Successful Login", "login")
	info("ssa", "Successful Silent Authentication", "login")
	info("slo", "Successful Logout", "logout")
	info("seacft", "Successful Exchange (Authorization Code for Access Token)", "token")
	info("gd_auth_succeed", "Successful MFA Authentication", "mfa")
	add("fp", "Failed Login (Incorrect Password)", "login", "failure", plog.SeverityNumberWarn, "WARN")
	add("fsa", "Failed Silent Authentication", "login", "failure", plog.SeverityNumberWarn, "WARN")
	add("limit_wc", "Blocked Account (Too Many Failed Logins)", "protection", "failure", plog.SeverityNumberError, "ERROR")
	return all
}
