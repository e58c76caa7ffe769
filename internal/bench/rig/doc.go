// Package rig measures collectors from outside: each is a process of its own, between a page server and a sink that are
// processes, too. Every collector that it starts must deliver every entry once; a figure of one that does not is worth
// nothing, and the measurement fails.
package rig
