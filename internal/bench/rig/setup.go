package rig

import (
	"encoding/json"
	"path/filepath"
	"time"
)

// object is a part of a configuration.
type object map[string]any

// reader is what reads the pages.
type reader int

const (
	floor  reader = iota // the least receiver
	tenant               // user_log with the log of the tenant
	users                // user_log with the logs of users
)

// id is the component that reads.
func (r reader) id() string {
	if r == floor {
		return "floor"
	}
	return "user_log"
}

func (r reader) String() string { return [...]string{"floor", "user_log", "user_log with users"}[r] }

// queue is what stands between the receiver and the backend.
type queue int

const (
	nop        queue = iota // no backend: the exporter that throws away
	noQueue                 // each page is exported before the next one is read
	waited                  // 8 MiB in memory, blocking, and so is each page until it was exported
	memory                  // 8 MiB in memory, blocking
	persistent              // 8 MiB on disk, blocking
)

func (q queue) String() string {
	return [...]string{
		"nop exporter", "no queue", "queue of 8 MiB, blocking, `wait_for_result`", "queue of 8 MiB, blocking",
		"queue of 8 MiB, blocking, persistent",
	}[q]
}

// queueSize is that of the shipped example.
const queueSize = 8 << 20

// config is the configuration of an exporter's queue.
func (q queue) config() object {
	settings := object{"sizer": "bytes", "queue_size": queueSize, "block_on_overflow": true}
	switch q {
	case noQueue:
		return object{"enabled": false}
	case waited:
		settings["wait_for_result"] = true
	case persistent:
		settings["storage"] = "file_storage"
	case nop, memory:
	}
	return settings
}

// setup is how a collector is configured.
type setup struct {
	reader reader
	queue  queue
	// fsync makes what is stored reach the disk before anything goes on, as the shipped examples do.
	fsync bool
	// interval is the pause between two reads; 0: longer than any measurement.
	interval time.Duration
	// usersFile names those whose logs are read.
	usersFile string
	// dir is the collector's own; one that is started in the same finds what the last one stored.
	dir string
	// profile is where profiles go, if anywhere, without the ends of their names.
	profile string
}

// untilTheEnd is longer than any measurement.
const untilTheEnd = 24 * time.Hour

// config is the configuration as JSON, which is YAML, too. The Collector serves its metrics, as it does where nobody says
// otherwise.
func (s setup) config(pages, sink string, metricsPort int) ([]byte, error) {
	exporter, settings := "otlp_http", object{
		"endpoint": sink, "compression": "none", "sending_queue": s.queue.config(),
	}
	if s.queue == nop {
		exporter, settings = "nop", object{}
	}
	receiver := s.reader.id()
	extensions := object{"file_storage": object{
		"directory": filepath.Join(s.dir, "storage"), "create_directory": true, "fsync": s.fsync,
	}}
	running := []string{"file_storage"}
	if s.profile != "" {
		extensions["profile"] = object{"cpu": s.profile + ".cpu", "heap": s.profile + ".heap"}
		running = append(running, "profile")
	}
	return json.MarshalIndent(object{
		"extensions": extensions,
		"receivers":  object{receiver: s.receiver(pages)},
		"exporters":  object{exporter: settings},
		"service": object{
			"extensions": running,
			"pipelines":  object{"logs": object{"receivers": []string{receiver}, "exporters": []string{exporter}}},
			"telemetry": object{
				"logs": object{"level": s.logLevel(), "output_paths": []string{"stderr"}},
				"metrics": object{"readers": []object{
					{"pull": object{"exporter": object{"prometheus": object{"host": "127.0.0.1", "port": metricsPort}}}},
				}},
			},
		},
	}, "", "  ")
}

// logLevel leaves out the warning that a tenant is better read as a whole than user by user.
func (s setup) logLevel() string {
	if s.reader == users {
		return "error"
	}
	return "warn"
}

// receiver is the configuration of the receiver.
func (s setup) receiver(pages string) object {
	interval := s.interval
	if interval == 0 {
		interval = untilTheEnd
	}
	settings := object{"collection_interval": interval.String(), "initial_lookback": "24h"}
	if s.reader == floor {
		settings["endpoint"] = pages
		return settings
	}
	block := object{"endpoint": pages, "token": "example"}
	if s.reader == tenant {
		block["tenant"] = true
	} else {
		block["users_file"] = s.usersFile
	}
	settings["auth0"], settings["storage"] = block, "file_storage"
	return settings
}
