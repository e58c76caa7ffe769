package userlogreceiver

import (
	"context"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/receiver/internal/deliver"
	"github.com/userlog/userlog-otel/receiver/internal/operate"
	"github.com/userlog/userlog-otel/receiver/internal/shape"
)

// shape makes what gives records their body, and keeps out of them what is private; nil if they stay as they are.
func (r *userLogReceiver) shape() (func(plog.LogRecord), error) {
	privacy := r.cfg.Privacy
	settings := shape.Settings{
		Body:       shape.Body(r.cfg.Body),
		Drop:       texts(privacy.Drop),
		TruncateIP: privacy.TruncateIP,
		Hash:       texts(privacy.Hash.Attributes),
	}
	if privacy.Hash.Key != nil {
		settings.HashKey = string(*privacy.Hash.Key)
	}
	s, err := shape.New(settings)
	if s == nil || err != nil {
		return nil, err
	}
	return s.Apply, nil
}

// operators makes the configured operators; nil if there are none.
func (r *userLogReceiver) operators() (deliver.Operators, error) {
	if len(r.cfg.Operators) == 0 {
		return nil, nil
	}
	configs, err := r.cfg.Operators.Configs()
	if err != nil {
		return nil, err
	}
	pipeline, err := operate.New(operate.Settings{Operators: configs, Logger: r.set.Logger})
	if err != nil {
		return nil, err
	}
	r.close = append(r.close, func(context.Context) error { return pipeline.Stop() })
	return pipeline, nil
}
