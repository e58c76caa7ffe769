// Package day invents a believable day of an Auth0 tenant: people who log in, mistype passwords, use a second factor,
// and machines that fetch tokens, as log events of the shape that the log of a user has.
//
// It is repeatable: the same seed and the same calls give the same events to the last byte. All names are invented, all
// addresses are of the ranges kept for documentation (RFC 5737, RFC 3849), all mail domains are example.com's.
package day
