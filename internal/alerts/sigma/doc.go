// Package sigma runs Sigma rules over log records, so that tests can show what the rules in alerts/sigma find. It knows
// the part of the Sigma specification 2 that those use, and refuses the rest: selections of maps with the modifiers all,
// cased, cidr, contains, endswith, exists, re and startswith; conditions; correlations of events, values and order.
package sigma
