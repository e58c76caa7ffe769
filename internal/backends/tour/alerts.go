package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

const (
	// lookPause is the pause between two looks at Loki.
	lookPause = time.Second
	// readyLimit is how long Loki may take to be ready, on a busy machine.
	readyLimit = 2 * time.Minute
)

// alert is one that fires.
type alert struct {
	Labels      map[string]string
	Annotations map[string]string
	State       string
}

// text is one line for people.
func (a alert) text() string {
	return fmt.Sprintf("FIRING  %-8s  %s  %s", a.Labels["severity"], a.Labels["alertname"], a.Annotations["summary"])
}

// identity tells it from other alerts; its text changes with the figures.
func (a alert) identity() string { return fmt.Sprint(a.Labels) } // maps are printed in the order of their keys

// firing are the alerts that fire now, by the API of Loki's ruler, which is that of Prometheus.
func firing(ctx context.Context, url string) ([]alert, error) {
	answer, err := get(ctx, url+"/prometheus/api/v1/alerts")
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	var body struct{ Data struct{ Alerts []alert } }
	if err := json.NewDecoder(answer.Body).Decode(&body); err != nil {
		return nil, fmt.Errorf("alerts of Loki: %w", err)
	}
	var all []alert
	for _, a := range body.Data.Alerts {
		if a.State == "firing" {
			all = append(all, a)
		}
	}
	return all, nil
}

// untilReady waits for Loki.
func untilReady(ctx context.Context, url string) error {
	for deadline := time.Now().Add(readyLimit); time.Now().Before(deadline); {
		if answer, err := get(ctx, url+"/ready"); err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(lookPause):
		}
	}
	return fmt.Errorf("the server of Loki is not ready after %v", readyLimit)
}

func get(ctx context.Context, url string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, err
	}
	return new(http.Client).Do(req)
}
