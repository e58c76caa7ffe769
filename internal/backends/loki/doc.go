// Package loki has the tests of config/examples/loki.yaml and of the page docs/backends.md against the real Loki. The
// variables LOKI and OTELCOL_USERLOG name the programs, as make e2e-loki sets them; without them the tests are skipped.
package loki
