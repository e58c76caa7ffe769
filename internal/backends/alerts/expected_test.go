package alerts

import "github.com/userlog/userlog-otel/internal/emulator/scenario"

// own is the reason of an alert that is meant for the scenario.
const own = "its own"

// expected is which alerts fire in which scenarios, by the name of the alert and that of the scenario, and why. What is
// not here must not fire.
func expected() map[string]map[string]string {
	const (
		guessed = "what is guessed is one account, however it is done and ends"
		asked   = "the phone is asked as often, whatever its owner does"
	)
	return map[string]map[string]string{
		"UserLogBruteForce": {
			"brute-force": own, "distributed-brute-force": guessed, "success-after-failures": guessed,
			"blocked": "it takes as many failures to be blocked",
		},
		"UserLogDistributedBruteForce": {"distributed-brute-force": own},
		"UserLogCredentialStuffing": {
			"stuffing":    own,
			"enumeration": "names that do not exist, tried once each, are a list of stolen passwords that is a bad one",
		},
		"UserLogPasswordSpraying":     {"spraying": own},
		"UserLogEnumeration":          {"enumeration": own},
		"UserLogSuccessAfterFailures": {"success-after-failures": own},
		"UserLogBreachedPassword":     {"breached-password": own},
		"UserLogBlocked":              {"blocked": own},
		"UserLogMFAFatigue":           {"mfa-fatigue": own, "mfa-fatigue-succeeded": asked},
		"UserLogMFAFatigueSucceeded":  {"mfa-fatigue-succeeded": own},
		"UserLogCodeGuessing":         {"otp-guessing": own},
		"UserLogSMSPumping":           {"sms-pumping": own},
		"UserLogTwoCountries":         {"two-countries": own},
		"UserLogRefreshTokenReuse":    {"token-reuse": own},
		"UserLogSignupFraud":          {"signup-fraud": own},
		"UserLogProtectionWeakened":   {"protection-weakened": own},
		"UserLogThrottled":            {"throttling": own},
		"UserLogSilent":               {scenario.Silence: own},
		noEntries:                     {}, // one for all systems: TestNoEntriesFiresOnlyWhereThereAreNone
	}
}

// noEntries is the alert that names nobody.
const noEntries = "UserLogNoEntries"
