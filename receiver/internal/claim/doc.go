// Package claim says what of a log that is ordered by time was accepted by the next consumer (claim.go), as text that a
// cursor holds (text.go), and how far the clocks of a server and of this machine can be believed (clocks.go).
//
// A claim is true for ever once it is true. So it does not matter who stores it, how often, and in which order: an older
// one over a newer one costs repeats, never an entry.
package claim
