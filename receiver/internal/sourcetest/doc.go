// Package sourcetest is what a provider must do, as checks that run against its source.Reader and the emulator of its
// API. A provider's test describes the two in a Provider and calls Run. Rejects shows that the checks can fail: it runs
// them against readers that are wrong on purpose.
//
// Every check runs in a bubble of testing/synctest, so it has a clock of its own, and waiting takes no time. The local
// clock begins at Begin; the server's may be another one. The suite stands on the wire between reader and server: it
// records the requests, changes the log between any two of them, and spoils answers. It needs nothing of that from an
// emulator.
package sourcetest
