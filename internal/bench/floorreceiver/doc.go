// Package floorreceiver is the yardstick of the measurements: the least that a receiver can do in a real Collector to make
// the same records of the same pages as user_log. It fetches page after page, reads what it needs of each entry in one
// pass, and hands the records on.
//
// What it leaves out is what a receiver is for: it checks nothing, takes no answer but the page server's own, knows no
// repeats, keeps no cursor, and ends at the first refusal of any kind. Do not read a tenant with it.
package floorreceiver
