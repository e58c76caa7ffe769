// Package userlogreceiver is a Collector receiver that reads the login history of identity systems, such as an Auth0
// tenant, as log records.
//
// # What it promises
//
// At least once: the position in a log is stored only after the next consumer accepted the entries before it. Killed at
// any moment and started again with the same storage, the receiver delivers everything that the API still has. What
// was under way comes again, with the same log.record.uid.
//
// Exactly once in normal running: entries that are met again, because reads overlap, pages shift or times are equal,
// are told apart by id and dropped.
//
// # What it does not promise
//
// Its promise ends where ConsumeLogs returns nil. An exporter with a queue in memory, or a batch processor, says nil
// before the record is safe: see the README for configurations that keep the promise to the end.
package userlogreceiver

//go:generate mdatagen metadata.yaml
