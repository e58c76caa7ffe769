// Package deploy holds the checks of what is in deploy/: what Helm makes of the values, and whether Kubernetes, Docker,
// systemd and the collector can read it.
package deploy
