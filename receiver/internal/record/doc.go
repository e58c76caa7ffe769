// Package record is what the records of all providers have in common: what the types of entries mean (codes.go), and
// how a record begins and takes values (record.go).
package record
