package sigma_test

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/userlog/userlog-otel/internal/alerts/sigma"
	"github.com/userlog/userlog-otel/internal/emulator/auth0"
	"github.com/userlog/userlog-otel/internal/emulator/kobil"
	kobilday "github.com/userlog/userlog-otel/internal/emulator/kobil/day"
	"github.com/userlog/userlog-otel/receiver/userlogreceiver"
)

// keys are a part of a configuration.
type keys = map[string]any

// clouds are emulated systems, from which records come as they do from the real ones: through the receiver.
type clouds struct {
	auth0 *auth0.Tenant
	kobil *kobil.Installation
}

func newClouds() clouds {
	return clouds{auth0: auth0.New(auth0.Options{}), kobil: kobil.New(kobil.Options{Product: kobil.SSMS})}
}

// records reads all entries of the clouds, those of these users of KOBIL.
func (c clouds) records(t *testing.T, kobilUsers ...string) []sigma.Record {
	t.Helper()
	sink := &consumertest.LogsSink{}
	want := len(c.auth0.Entries(""))
	tenant := httptest.NewServer(c.auth0)
	t.Cleanup(tenant.Close)
	receive(t, sink, keys{"auth0": keys{"endpoint": tenant.URL, "token": "t", "tenant": true}})
	for _, user := range kobilUsers {
		want += len(c.kobil.Entries(user))
	}
	if len(kobilUsers) > 0 {
		installation := httptest.NewServer(c.kobil)
		t.Cleanup(installation.Close)
		receive(t, sink, keys{
			"kobil": keys{"endpoint": installation.URL, "token": "t", "product": "ssms", "users": kobilUsers},
			"types": keys{
				kobilday.Started:   keys{"category": "login", "outcome": "success"},
				kobilday.WrongPIN:  keys{"category": "login", "outcome": "failure"},
				kobilday.WrongCode: keys{"category": "mfa", "outcome": "failure"},
			},
		})
	}
	require.Eventually(t, func() bool { return sink.LogRecordCount() >= want }, time.Minute, 5*time.Millisecond)
	require.Equal(t, want, sink.LogRecordCount())
	return sigma.Records(sink.AllLogs()...)
}

// receive runs a receiver until the test ends.
func receive(t *testing.T, sink *consumertest.LogsSink, own keys) {
	t.Helper()
	conf := confmap.NewFromStringMap(keys{"collection_interval": "1h", "initial_lookback": "876000h"}) // a century: entries have dates of their own
	require.NoError(t, conf.Merge(confmap.NewFromStringMap(own)))
	factory := userlogreceiver.NewFactory()
	cfg := factory.CreateDefaultConfig()
	require.NoError(t, conf.Unmarshal(cfg))
	require.NoError(t, confmap.Validate(cfg))
	set := receivertest.NewNopSettings(factory.Type())
	set.ID = component.NewID(factory.Type())
	receiver, err := factory.CreateLogs(t.Context(), set, cfg, sink)
	require.NoError(t, err)
	require.NoError(t, receiver.Start(t.Context(), componenttest.NewNopHost()))
	t.Cleanup(func() { require.NoError(t, receiver.Shutdown(context.Background())) }) // the test's context is done by then
}
