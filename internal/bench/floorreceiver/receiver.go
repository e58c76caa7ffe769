package floorreceiver

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unsafe"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"
	"go.uber.org/zap"
)

// take is the most entries that Auth0 gives at once.
const take = 100

// floor reads one log from its beginning.
type floor struct {
	set   receiver.Settings
	cfg   *Config
	next  consumer.Logs
	codes map[string]code

	client *http.Client
	stop   context.CancelFunc
	done   chan struct{}
}

// Start implements component.Component.
func (f *floor) Start(ctx context.Context, host component.Host) error {
	client, err := f.cfg.HTTP.ToClient(ctx, host.GetExtensions(), f.set.TelemetrySettings)
	if err != nil {
		return err
	}
	f.client = client
	running, stop := context.WithCancel(context.WithoutCancel(ctx)) // ctx ends with Start
	f.stop, f.done = stop, make(chan struct{})
	go func() {
		defer close(f.done)
		if err := f.run(running); err != nil && running.Err() == nil {
			f.set.Logger.Error("the measurement is void", zap.Error(err))
		}
	}()
	return nil
}

// Shutdown implements component.Component.
func (f *floor) Shutdown(context.Context) error {
	if f.stop != nil {
		f.stop()
		<-f.done
	}
	return nil
}

func (f *floor) run(ctx context.Context) error {
	origin, err := url.Parse(f.cfg.HTTP.Endpoint)
	if err != nil {
		return err
	}
	b := builder{codes: f.codes, instance: origin.Host, version: f.set.BuildInfo.Version}
	pages := f.cfg.HTTP.Endpoint + "/api/v2/logs?take=100&from="
	from := "900" + time.Now().Add(-f.cfg.InitialLookback).UTC().Format("20060102150405") + strings.Repeat("0", 39)
	entries := make([]entry, 0, take)
	for {
		page, err := f.get(ctx, pages+from)
		if err != nil {
			return err
		}
		entries = scan(page, entries[:0])
		if len(entries) > 0 {
			if err := f.next.ConsumeLogs(ctx, b.logs(entries, time.Now())); err != nil {
				return err
			}
			from = strings.Clone(entries[len(entries)-1].id) // a view would keep the page in memory
		}
		if len(entries) == take {
			continue
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(f.cfg.CollectionInterval):
		}
	}
}

// get returns the body of an answer whose length is told.
func (f *floor) get(ctx context.Context, page string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, page, nil)
	if err != nil {
		return "", err
	}
	response, err := f.client.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body := make([]byte, response.ContentLength)
	_, err = io.ReadFull(response.Body, body)
	return unsafe.String(unsafe.SliceData(body), len(body)), err //nolint:gosec // body is not written to any more
}
