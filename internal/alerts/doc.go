// Package alerts checks what is in the folder alerts as far as Go can, without the programs that the alerts are for.
package alerts
