// Package cloud is what the emulated clouds of all vendors have in common: a server that records its requests and lets
// tests act before it answers, bearer tokens, logs that grow in order, and the writing of answers. What a vendor's
// answers look like is the vendor's own package's to say.
package cloud
