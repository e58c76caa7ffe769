// Package alerts holds the tests of the alerts in alerts/loki: what they say of the scenarios that the emulator plays, in
// the real Loki.
package alerts
