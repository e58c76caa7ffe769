// Package scenario is attacks on the emulated clouds, and what only looks like one: what alerts are tried on.
//
// A scenario takes place in the minutes before a time that the caller chooses, and among the people whom the days of the
// same seed know; play it into a calm day ([github.com/userlog/userlog-otel/internal/emulator/auth0/day.Options]), which
// has no attacks of its own. All of it is repeatable.
package scenario
