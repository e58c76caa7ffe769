package rig

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// lineLimit is how many lines a query returns at most: what Loki allows by default (max_entries_limit_per_query).
const lineLimit = 5000

// flushLimit is how long Loki may take to write what it holds to its store.
const flushLimit = time.Minute

// Sample is one value of a metric query.
type Sample struct {
	Labels map[string]string
	Time   time.Time
	Value  float64
}

// Line is one stored entry.
type Line struct {
	Time time.Time
	Text string
	// Labels are the index labels of its stream.
	Labels map[string]string
	// Metadata is its structured metadata.
	Metadata map[string]string
}

// Instant are the values of a metric query at a time.
func (l *Loki) Instant(query string, at time.Time) []Sample {
	l.t.Helper()
	var series []struct {
		Metric map[string]string
		Value  point
	}
	l.get("/loki/api/v1/query", url.Values{"query": {query}, "time": {nanoseconds(at)}}, "vector", &series)
	var samples []Sample
	for _, one := range series {
		samples = append(samples, one.Value.sample(l.t, one.Metric))
	}
	return samples
}

// Range are the values of a metric query at each step between two times, one series after the other.
func (l *Loki) Range(query string, from, to time.Time, step time.Duration) []Sample {
	l.t.Helper()
	var series []struct {
		Metric map[string]string
		Values []point
	}
	l.get("/loki/api/v1/query_range", url.Values{
		"query": {query}, "start": {nanoseconds(from)}, "end": {nanoseconds(to)}, "step": {strconv.FormatFloat(step.Seconds(), 'f', -1, 64)},
	}, "matrix", &series)
	var samples []Sample
	for _, one := range series {
		for _, value := range one.Values {
			samples = append(samples, value.sample(l.t, one.Metric))
		}
	}
	return samples
}

// Lines are the entries that a log query selects from one time to before another, stream by stream, each from the oldest
// on. It fails the test if there may be more than a query returns.
func (l *Loki) Lines(query string, from, to time.Time) []Line {
	l.t.Helper()
	var streams []struct {
		Stream map[string]string
		Values [][]json.RawMessage
	}
	l.get("/loki/api/v1/query_range", url.Values{
		"query": {query}, "start": {nanoseconds(from)}, "end": {nanoseconds(to)}, "limit": {strconv.Itoa(lineLimit)}, "direction": {"forward"},
	}, "streams", &streams)
	var lines []Line
	for _, stream := range streams {
		for _, value := range stream.Values {
			lines = append(lines, parseLine(l.t, stream.Stream, value))
		}
	}
	require.Less(l.t, len(lines), lineLimit, "more lines than a query returns")
	return lines
}

// parseLine reads time, text and metadata of an entry.
func parseLine(t *testing.T, stream map[string]string, value []json.RawMessage) Line {
	t.Helper()
	line := Line{Labels: stream}
	require.Len(t, value, 3)
	var nano string
	require.NoError(t, json.Unmarshal(value[0], &nano))
	since, err := strconv.ParseInt(nano, 10, 64)
	require.NoError(t, err)
	line.Time = time.Unix(0, since)
	require.NoError(t, json.Unmarshal(value[1], &line.Text))
	var categories struct{ StructuredMetadata map[string]string }
	require.NoError(t, json.Unmarshal(value[2], &categories))
	line.Metadata = categories.StructuredMetadata
	return line
}

// Flush makes Loki write all that it holds to its store and forget its streams, and waits until it has. Loki does so by
// itself with what is full, 2 hours old or idle for 30 minutes.
func (l *Loki) Flush() {
	l.t.Helper()
	l.Until("Loki has written its chunks", flushLimit, func() bool {
		answer, err := l.client.Post(l.url+"/flush", "", nil) // writes them, and forgets the ones that are written
		require.NoError(l.t, err)
		require.NoError(l.t, answer.Body.Close())
		require.Equal(l.t, http.StatusNoContent, answer.StatusCode)
		return l.Metric("loki_ingester_memory_chunks", nil) == 0
	})
}

// Metric is the value of one of Loki's own metrics, as in Metric.
func (l *Loki) Metric(name string, labels map[string]string) float64 {
	l.t.Helper()
	return Metric(l.t, l.url+"/metrics", name, labels)
}

// get asks Loki, and reads the result, which must be of the type.
func (l *Loki) get(path string, values url.Values, resultType string, result any) {
	l.t.Helper()
	request, err := http.NewRequest(http.MethodGet, l.url+path+"?"+values.Encode(), http.NoBody)
	require.NoError(l.t, err)
	request.Header.Set("X-Loki-Response-Encoding-Flags", "categorize-labels") // tells structured metadata from labels
	answer, err := l.client.Do(request)
	require.NoError(l.t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	require.NoError(l.t, err)
	require.Equal(l.t, http.StatusOK, answer.StatusCode, "%s: %s", values.Get("query"), body)
	var parsed struct {
		Data struct {
			ResultType string
			Result     json.RawMessage
		}
	}
	require.NoError(l.t, json.Unmarshal(body, &parsed))
	require.Equal(l.t, resultType, parsed.Data.ResultType, values.Get("query"))
	require.NoError(l.t, json.Unmarshal(parsed.Data.Result, result))
}

// point is a time in seconds and a value.
type point [2]json.RawMessage

func (p point) sample(t *testing.T, labels map[string]string) Sample {
	t.Helper()
	var (
		seconds float64
		text    string
	)
	require.NoError(t, json.Unmarshal(p[0], &seconds))
	require.NoError(t, json.Unmarshal(p[1], &text))
	value, err := strconv.ParseFloat(text, 64)
	require.NoError(t, err)
	return Sample{Labels: labels, Time: time.UnixMicro(int64(seconds * 1e6)), Value: value}
}

func nanoseconds(at time.Time) string { return strconv.FormatInt(at.UnixNano(), 10) }
