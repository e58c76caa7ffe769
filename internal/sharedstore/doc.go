// Package sharedstore is a storage for tests that several collectors share. It is as strict as the strictest storage
// extension, and keeps no promise that one of them does not keep: what works with it works with files, databases and caches.
package sharedstore
