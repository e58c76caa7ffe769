// Package emulator stands in for the vendors' clouds: HTTP handlers that answer as the identity systems really answer,
// oddities included. The tests run against it in process, cmd/userlog-emulator serves it to people.
package emulator
