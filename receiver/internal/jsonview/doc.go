// Package jsonview reads the answers of APIs whose entries have no fixed form: a document is checked once and then
// looked at in place. Nothing is decoded into types, numbers keep all their digits, and every value keeps its bytes.
//
// Names of members count letter for letter, and of several members with one name the last counts.
package jsonview
