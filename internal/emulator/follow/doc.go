// Package follow shows to a person what a collector writes: it tails a file of OTLP JSON, one ExportLogsServiceRequest a
// line as the fileexporter writes it, and prints each log record as one line.
package follow
