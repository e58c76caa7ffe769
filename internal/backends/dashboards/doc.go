// Package dashboards asks the real Loki and the real Prometheus what the dashboards ask, and keeps the answers for pictures.
package dashboards
