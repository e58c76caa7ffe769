package userlogreceiver

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"

	"github.com/userlog/userlog-otel/config"
	"github.com/userlog/userlog-otel/receiver/internal/rest"
	"github.com/userlog/userlog-otel/receiver/userlogreceiver/internal/metadata"
)

// NewFactory returns the factory of the receiver user_log. The receivers that it makes share what an API allows: a
// tenant's limit is the same for all that read it.
func NewFactory() receiver.Factory {
	budgets := rest.NewBudgets()
	createLogs := func(_ context.Context, set receiver.Settings, cfg component.Config, next consumer.Logs) (receiver.Logs, error) {
		return newReceiver(set, cfg.(*config.Config), next, budgets)
	}
	return receiver.NewFactory(
		metadata.Type,
		func() component.Config { return config.NewDefault() },
		receiver.WithLogs(createLogs, metadata.LogsStability),
	)
}
