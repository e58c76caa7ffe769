package userlogreceiver

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/storagetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	emulator "github.com/userlog/userlog-otel/internal/emulator/auth0"
	"github.com/userlog/userlog-otel/receiver/userlogreceiver/internal/metadata"
	"github.com/userlog/userlog-otel/receiver/userlogreceiver/internal/metadatatest"
)

func TestEntriesBecomeRecordsOfOneResource(t *testing.T) {
	tenant, url := serve(t, emulator.Options{Tokens: []string{canary}})
	require.NoError(t, tenant.Publish(user, entryOf("900a", time.Now().Add(-time.Minute))))
	r := start(t, configured(t, url, map[string]any{
		"types": map[string]any{"s": map[string]any{"name": "Came in", "severity": "ERROR2"}},
	}), componenttest.NewNopHost())
	r.eventually(func() bool { return r.sink.LogRecordCount() == 1 }, "the entry arrives")

	resource := r.sink.AllLogs()[0].ResourceLogs().At(0)
	assert.Equal(t, map[string]any{
		"service.name":        "auth0",
		"service.instance.id": strings.TrimPrefix(url, "http://"),
	}, resource.Resource().Attributes().AsRaw())
	assert.Equal(t, "github.com/userlog/userlog-otel/receiver/userlogreceiver", resource.ScopeLogs().At(0).Scope().Name())
	record := resource.ScopeLogs().At(0).LogRecords().At(0)
	assert.Equal(t, "auth0.s", record.EventName())
	name, _ := record.Attributes().Get("user_log.name")
	assert.Equal(t, "Came in", name.Str(), "the user's table is used")
	assert.Equal(t, "ERROR2", record.SeverityText())
}

func TestARestartGoesOnWhereItStopped(t *testing.T) {
	tenant, url := serve(t, emulator.Options{})
	for i := range 50 {
		require.NoError(t, tenant.Publish(user, entryOf(fmt.Sprintf("900%03d", i), time.Now().Add(-time.Minute))))
	}
	extensions := storagetest.NewStorageHost().WithFileBackedStorageExtension("cursors", t.TempDir())
	cfg := configured(t, url, map[string]any{"storage": storagetest.NewStorageID("cursors").String()})

	first := start(t, cfg, extensions)
	first.eventually(func() bool { return first.sink.LogRecordCount() == 50 }, "the backlog arrives")
	first.stop()
	require.NoError(t, tenant.Publish(user, entryOf("900late", time.Now().Add(-5*time.Minute)), entryOf("900new", time.Now())))

	second := start(t, cfg, extensions)
	second.eventually(func() bool { return second.sink.LogRecordCount() == 2 }, "what is new arrives")
	second.more(4, tenant)
	assert.Equal(t, []string{"900late", "900new"}, second.uids())
}

func TestAnEntryFromBeforeTheFirstAnswerIsInFromNowOn(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close()) // nobody is there
	extensions := storagetest.NewStorageHost().WithFileBackedStorageExtension("cursors", t.TempDir())
	cfg := configured(t, "http://"+address, map[string]any{
		"initial_lookback": "0s",
		"storage":          storagetest.NewStorageID("cursors").String(),
	})
	begin := time.Now()
	r := start(t, cfg, extensions)
	r.eventually(func() bool { _, texts := r.host.statuses(); return len(texts) > 0 }, "the API is told to be away")
	r.stop()

	tenant := emulator.New(emulator.Options{})
	require.NoError(t, tenant.Publish(user, entryOf("900before", begin.Add(-time.Hour)), entryOf("900between", time.Now())))
	listener, err = net.Listen("tcp", address)
	require.NoError(t, err)
	server := &http.Server{Handler: tenant, ReadHeaderTimeout: time.Second}
	go func() { _ = server.Serve(listener) }()
	defer server.Close()

	r = start(t, cfg, extensions)
	r.eventually(func() bool { return r.sink.LogRecordCount() == 1 }, "the entry arrives")
	assert.Equal(t, []string{"900between"}, r.uids())
}

func TestRefusedCredentialsAreARecoverableStatusWithoutTheToken(t *testing.T) {
	tenant, url := serve(t, emulator.Options{Tokens: []string{"another"}})
	r := start(t, configured(t, url, nil), componenttest.NewNopHost())
	r.eventually(func() bool { s, _ := r.host.statuses(); return len(s) > 0 }, "a status is reported")
	other, otherURL := serve(t, emulator.Options{})
	start(t, configured(t, otherURL, nil), componenttest.NewNopHost()).more(5, other) // who could have done as much
	statuses, texts := r.host.statuses()
	assert.Equal(t, []componentstatus.Status{componentstatus.StatusRecoverableError}, statuses, "once")
	assert.Contains(t, texts[0], "401")
	assert.Len(t, tenant.Requests(), 1, "the source waits")
	for _, entry := range r.logs.All() {
		assert.NotContains(t, fmt.Sprint(entry.Message, entry.ContextMap()), canary)
	}
	assert.NotContains(t, texts[0], canary)
}

func TestOneLogThatFailsDoesNotStopTheOthers(t *testing.T) {
	tenant, url := serve(t, emulator.Options{})
	tenant.AddUsers("auth0|gone", "auth0|secret")
	tenant.SetUserStatus("auth0|gone", http.StatusNotFound)
	tenant.SetUserStatus("auth0|secret", http.StatusForbidden)
	require.NoError(t, tenant.Publish(user, entryOf("900a", time.Now())))
	r := start(t, configured(t, url, map[string]any{
		"concurrency": 1,
		"auth0":       map[string]any{"users": []any{"auth0|gone", "auth0|secret", user}},
	}), componenttest.NewNopHost())
	r.eventually(func() bool { return r.sink.LogRecordCount() == 1 }, "the others go on")
	problems := func() int { return r.logs.FilterMessageSnippet("the API answered 40").Len() }
	r.eventually(func() bool { return problems() == 2 }, "both are told")

	tenant.SetUserStatus("auth0|gone", 0)
	tenant.SetUserStatus("auth0|secret", 0)
	r.eventually(func() bool { s, _ := r.host.statuses(); return len(s) > 0 && s[len(s)-1] == componentstatus.StatusOK }, "healthy again")
	_, texts := r.host.statuses()
	assert.Contains(t, texts[0], `user "auth0|gone"`)
	lines := r.logs.FilterMessageSnippet("reading user logs").Len()
	assert.Equal(t, 1+4, lines, "one that logs begin, and one for each change of state")
}

func TestAGapIsToldByLogMetricAndStatus(t *testing.T) {
	tenant, url := serve(t, emulator.Options{})
	begin := time.Now().Add(-time.Hour)
	for i := range 1200 {
		require.NoError(t, tenant.Publish(user, entryOf(fmt.Sprintf("900%05d", i), begin.Add(time.Duration(i)*time.Second))))
	}
	r := start(t, configured(t, url, nil), componenttest.NewNopHost())
	r.eventually(func() bool { return r.sink.LogRecordCount() == 1+1000 }, "the gap and what there is arrive")
	r.eventually(func() bool { s, _ := r.host.statuses(); return len(s) == 2 }, "told, and over")
	statuses, texts := r.host.statuses()
	assert.Equal(t, []componentstatus.Status{componentstatus.StatusRecoverableError, componentstatus.StatusOK}, statuses)
	assert.Contains(t, texts[0], user)
	assert.Contains(t, texts[0], begin.Add(200*time.Second).UTC().Format("2006-01-02T15:04:05"))
	lines := r.logs.FilterMessageSnippet("gap").All()
	require.Len(t, lines, 1)
	assert.Equal(t, user, lines[0].ContextMap()["user"])
	metadatatest.AssertEqualReceiverUserLogGaps(t, r.telemetry, r.one(1), metricdatatest.IgnoreTimestamp())

	first := r.sink.AllLogs()[0].ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	assert.Equal(t, "user_log.gap", first.EventName(), "the record of the gap comes before those of the entries behind it")
	told := first.Attributes().AsRaw()
	assert.Equal(t, user, told["user.id"])
	assert.Equal(t, begin.Add(200*time.Second).UTC().Truncate(time.Millisecond).Format(time.RFC3339Nano), told["user_log.gap.to"])
	assert.Contains(t, told["user_log.gap.reason"], "1,000")
}

func TestGapRecordsCanBeSwitchedOff(t *testing.T) {
	tenant, url := serve(t, emulator.Options{})
	for i := range 1200 {
		require.NoError(t, tenant.Publish(user, entryOf(fmt.Sprintf("900%05d", i), time.Now().Add(-time.Hour))))
	}
	r := start(t, configured(t, url, map[string]any{"gap_records": false, "collection_interval": "50ms"}), componenttest.NewNopHost())
	r.more(12, tenant)
	metadatatest.AssertEqualReceiverUserLogGaps(t, r.telemetry, r.one(1), metricdatatest.IgnoreTimestamp())
	assert.Equal(t, 1000, r.sink.LogRecordCount())
}

func (r *rig) one(n int64) []metricdata.DataPoint[int64] {
	return []metricdata.DataPoint[int64]{{Value: n, Attributes: attribute.NewSet(attribute.String("receiver", "user_log"))}}
}

func TestTelemetryCountsWhatHappened(t *testing.T) {
	tenant, url := serve(t, emulator.Options{})
	for i := range 3 {
		require.NoError(t, tenant.Publish(user, entryOf(fmt.Sprintf("900%d", i), time.Now().Add(-time.Minute))))
	}
	broken := true
	tenant.Intercept(func(w http.ResponseWriter, _ *http.Request) bool {
		if broken {
			broken = false
			_, _ = w.Write([]byte("<html>"))
			return true
		}
		return false
	})
	cfg := configured(t, url, map[string]any{"collection_interval": "50ms"})
	r := start(t, cfg, componenttest.NewNopHost())
	r.eventually(func() bool { return len(tenant.Requests()) >= 3 }, "three reads")
	r.eventually(func() bool { return r.sink.LogRecordCount() == 3 }, "the entries arrive")

	ignore := metricdatatest.IgnoreExemplars()
	metadatatest.AssertEqualReceiverUserLogEntriesRead(t, r.telemetry, r.one(3), ignore, metricdatatest.IgnoreTimestamp())
	metadatatest.AssertEqualReceiverUserLogEntriesDelivered(t, r.telemetry, r.one(3), ignore, metricdatatest.IgnoreTimestamp())
	metadatatest.AssertEqualReceiverUserLogResponsesRejected(t, r.telemetry, r.one(1), ignore, metricdatatest.IgnoreTimestamp())
	metadatatest.AssertEqualReceiverUserLogUsers(t, r.telemetry, r.one(1), ignore, metricdatatest.IgnoreTimestamp())
	for _, name := range []string{"bytes.read", "entries.repeated", "requests", "request.duration", "newest_entry.age", "cursor.age"} {
		metric, err := r.telemetry.GetMetric("otelcol_receiver.user_log." + name)
		require.NoError(t, err, name)
		assert.NotContains(t, fmt.Sprintf("%+v", metric), user, "no user ids in metrics")
	}
}

func TestAMissingOrWrongStorageExtensionIsAClearErrorAtStart(t *testing.T) {
	for name, want := range map[string]string{
		"nowhere":     `storage: extension "nowhere" is not there`,
		"non_storage": `storage: extension "non_storage/x" is no storage extension`,
	} {
		id := component.MustNewID(name)
		if name == "non_storage" {
			id = storagetest.NewNonStorageID("x")
			want = fmt.Sprintf("storage: extension %q is no storage extension", id)
		}
		cfg := configured(t, "http://127.0.0.1:1", map[string]any{"storage": id.String()})
		r, err := NewFactory().CreateLogs(t.Context(), receivertest.NewNopSettings(metadata.Type), cfg, consumertest.NewNop())
		require.NoError(t, err)
		assert.ErrorContains(t, r.Start(t.Context(), storagetest.NewStorageHost().WithNonStorageExtension("x")), want)
		assert.NoError(t, r.Shutdown(t.Context()))
	}
}

func TestWithoutStorageAWarningSaysWhatARestartCosts(t *testing.T) {
	_, url := serve(t, emulator.Options{})
	r := start(t, configured(t, url, nil), componenttest.NewNopHost())
	assert.Equal(t, 1, r.logs.FilterMessageSnippet("storage is not set").Len())
}

func TestStartDoesNotWaitForAnAPIThatHangsAndShutdownEndsTheRequest(t *testing.T) {
	release := make(chan struct{})
	tenant, url := serve(t, emulator.Options{})
	tenant.Intercept(func(_ http.ResponseWriter, r *http.Request) bool {
		select {
		case <-release:
		case <-r.Context().Done():
		}
		return true
	})
	defer close(release)
	began := time.Now()
	r := start(t, configured(t, url, nil), componenttest.NewNopHost())
	assert.Less(t, time.Since(began), time.Second)
	r.eventually(func() bool { return len(tenant.Requests()) == 1 }, "a request is under way")
	r.stop()
}

func TestStartsContextMayEndWithoutEndingTheReads(t *testing.T) {
	tenant, url := serve(t, emulator.Options{})
	sink := new(consumertest.LogsSink)
	r, err := NewFactory().CreateLogs(t.Context(), receivertest.NewNopSettings(metadata.Type), configured(t, url, nil), sink)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	require.NoError(t, r.Start(ctx, componenttest.NewNopHost()))
	cancel()
	require.NoError(t, tenant.Publish(user, entryOf("900a", time.Now())))
	assert.Eventually(t, func() bool { return sink.LogRecordCount() == 1 }, 5*time.Second, 5*time.Millisecond)
	assert.NoError(t, r.Shutdown(t.Context()))
	assert.NoError(t, r.Shutdown(t.Context()))
}

func TestCursorsOfAnotherEndpointAreSetAsideInOneLine(t *testing.T) {
	extensions := storagetest.NewStorageHost().WithFileBackedStorageExtension("cursors", t.TempDir())
	keys := map[string]any{
		"storage": storagetest.NewStorageID("cursors").String(),
		"auth0":   map[string]any{"users": []any{user, "auth0|b", "auth0|c"}},
	}
	for _, reads := range []int{0, 1} {
		tenant, url := serve(t, emulator.Options{})
		require.NoError(t, tenant.Publish(user, entryOf("900a", time.Now().Add(-time.Minute))))
		r := start(t, configured(t, url, keys), extensions)
		r.eventually(func() bool { return r.sink.LogRecordCount() == 1 }, "another tenant is another log")
		r.stop()
		lines := r.logs.FilterMessageSnippet("belongs to another endpoint").All()
		require.Len(t, lines, reads)
		if reads > 0 {
			assert.EqualValues(t, 3, lines[0].ContextMap()["cursors"])
			metadatatest.AssertEqualReceiverUserLogCursorsRejected(t, r.telemetry, r.one(3), metricdatatest.IgnoreTimestamp())
		}
	}
}
