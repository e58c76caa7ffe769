// Package invent is what the invented days of all emulated clouds share: the same people, addresses that belong to
// nobody, random picks that a seed repeats, and a queue for what has not happened yet.
//
// All names are invented, all addresses are of the ranges kept for documentation (RFC 5737, RFC 3849), all mail domains
// are example.com's.
package invent
