package auth0

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	emulator "github.com/userlog/userlog-otel/internal/emulator/auth0"
	"github.com/userlog/userlog-otel/receiver/internal/source"
	"github.com/userlog/userlog-otel/receiver/internal/sourcetest"
)

// tenantWorld is a tenant whose entries get their ids when they arrive, as Auth0's do, and somebody who reads its log.
type tenantWorld struct {
	*testing.T
	tenant *emulator.Tenant
	now    time.Time
	n      int
	opaque bool // ids are not of the usual form
	reader *Tenant
	cursor source.Cursor
}

// newTenantWorld begins to read an hour back, by clocks that agree.
func newTenantWorld(t *testing.T, change func(*TenantSettings)) *tenantWorld {
	w := &tenantWorld{T: t, now: time.Now().Truncate(time.Millisecond)}
	w.tenant = emulator.New(emulator.Options{Now: func() time.Time { return w.now }})
	w.reader = newTenant(t, sourcetest.Transport(w.tenant), change)
	w.cursor = w.reader.Start(w.now.Add(-time.Hour))
	return w
}

// arrive adds entries that happened so long ago.
func (w *tenantWorld) arrive(n int, ago time.Duration, more string) (ids []string) {
	entries := make([]json.RawMessage, n)
	for i := range entries {
		w.n++
		id := timedID(w.n, w.now)
		if w.opaque {
			id = fmt.Sprintf("5f%022x", w.n)
		}
		date := w.now.Add(-ago).UTC().Format("2006-01-02T15:04:05.000Z")
		entries[i] = json.RawMessage(fmt.Sprintf(`{"log_id":%q,"type":"s","date":%q%s}`, id, date, more))
		ids = append(ids, id)
	}
	require.NoError(w, w.tenant.Publish("", entries...))
	return ids
}

// outcome is what a read came to.
type outcome struct {
	ids               []string
	repeats, filtered int
	gaps              []source.Gap
	requests          []string
}

// read reads to the end of the log.
func (w *tenantWorld) read() outcome {
	w.Helper()
	f, err := w.try()
	require.NoError(w, err)
	return f
}

func (w *tenantWorld) try() (f outcome, err error) {
	w.tenant.ResetRequests()
	for batch, err := range w.reader.Read(w.Context(), "", w.cursor) {
		if err != nil {
			return f, err
		}
		for _, e := range batch.Entries {
			f.ids = append(f.ids, e.(*entry).uid())
		}
		f.repeats += batch.Repeats
		f.filtered += batch.Filtered
		if batch.Gap != nil {
			f.gaps = append(f.gaps, *batch.Gap)
		}
		w.cursor = batch.Cursor
	}
	for _, r := range w.tenant.Requests() {
		f.requests = append(f.requests, strings.TrimPrefix(r.Path, "/api/v2/")+"?"+r.Query.Encode())
	}
	return f, nil
}
