package sourcetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// recordsTheSame: the same entry makes the same record whenever it is asked and however often it was read, but for the
// observed time, which is when its page arrived.
func recordsTheSame(p Provider) error {
	w := newWorld(p)
	rows := w.many(3, time.Minute, time.Minute)
	cursor, again, observed := w.start(), w.start(), time.Now()
	first, err1 := w.entries(&cursor)
	time.Sleep(time.Hour)
	second, err2 := w.entries(&again)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	if len(first) != len(rows) || len(second) != len(rows) {
		return fmt.Errorf("%d and %d entries, not %d", len(first), len(second), len(rows))
	}
	for i, r := range rows {
		record := recordOf(first[i])
		if err := p.isRecordOf(record, r); err != nil {
			return err
		}
		if got := record.ObservedTimestamp().AsTime(); !got.Equal(observed) {
			return fmt.Errorf("the observed time is %v, not that of the answer, %v", got, observed)
		}
		if !first[i].Time().Equal(r.at) {
			return fmt.Errorf("the entry's time is %v, not %v", first[i].Time(), r.at)
		}
		if again := recordOf(first[i]); bytesOf(again) != bytesOf(record) {
			return errors.New("a second call of Record makes another record")
		}
		reread := recordOf(second[i])
		reread.SetObservedTimestamp(record.ObservedTimestamp())
		if bytesOf(reread) != bytesOf(record) {
			return errors.New("the same entry, read again, makes another record")
		}
	}
	return nil
}

// isRecordOf tells what is wrong with the record of a row.
func (p Provider) isRecordOf(record plog.LogRecord, r row) error {
	switch {
	case p.uidOf(record) != r.uid:
		return fmt.Errorf("log.record.uid is %q, not %q", p.uidOf(record), r.uid)
	case !record.Timestamp().AsTime().Equal(r.at):
		return fmt.Errorf("the timestamp is %v, not %v", record.Timestamp().AsTime(), r.at)
	case record.EventName() == "":
		return errors.New("a record without event name")
	case record.SeverityNumber() == plog.SeverityNumberUnspecified:
		return errors.New("a record without severity")
	}
	return nil
}

func bytesOf(record plog.LogRecord) string {
	logs := plog.NewLogs()
	record.CopyTo(logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty())
	var encoder plog.ProtoMarshaler
	text, _ := encoder.MarshalLogs(logs) // of what is in memory: cannot fail
	return string(text)
}

// deepest is one level more than jsontext and encoding/json go.
const deepest = 10_001

// odd are entries that one would not expect.
func odd(p Provider) []string {
	all := []string{"null", "true", "17", `"` + canary + `"`, "[]", "{}", `[{"` + canary + `":[]}]`}
	for _, more := range []string{
		"\"\xff\xfe\"", `"\u0000"`, `"\ud800"`, `"\u0000\udfff\ud800"`, `""`, `"` + strings.Repeat("x", 1<<16) + `"`,
		"null", "1e999", "-0", "1e-999", strings.Repeat("9", 400), `1,"more":2`, `{"more":{"more":1},"more":2}`,
		strings.Repeat("[", deepest) + strings.Repeat("]", deepest),
		strings.Repeat(`{"":`, deepest) + "1" + strings.Repeat("}", deepest),
	} {
		all = append(all, p.Entry(2, Begin().Add(-2*time.Minute), `,"more":`+more))
	}
	return append(all, p.Odd...)
}

// takesOddEntries: an entry that is odd becomes a record, and so do its neighbours; none comes again. Records hold
// nothing but UTF-8.
func takesOddEntries(p Provider) error {
	var wrong []error
	for _, entry := range odd(p) {
		if err := takesOdd(p, entry); err != nil {
			wrong = append(wrong, fmt.Errorf("%.200s: %w", entry, err))
		}
	}
	return errors.Join(wrong...)
}

func takesOdd(p Provider, entry string) error {
	w := newWorld(p)
	above, below := Begin().Add(-time.Minute), Begin().Add(-3*time.Minute)
	page := p.Page(p.Entry(3, above, ""), entry, p.Entry(1, below, ""))
	w.wire.spoil = func(_ int, a *answer) { a.status, a.body = 200, []byte(page) }
	cursor := w.start()
	var uids []string
	err := w.readBatches(context.Background(), &cursor, func(b source.Batch) error {
		for _, e := range b.Entries {
			record := recordOf(e)
			uids = append(uids, p.uidOf(record))
			if text := text(record); !utf8.ValidString(text) {
				return fmt.Errorf("the record is not UTF-8: %q", text)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	neighbours := slices.Contains(uids, p.UID(3, above)) && slices.Contains(uids, p.UID(1, below))
	if len(uids) != 3 || !neighbours || slices.Contains(uids, "") {
		return fmt.Errorf("not 3 records come of it and its neighbours, but %.100q", uids)
	}
	for range 3 {
		time.Sleep(Overlap)
		if err := w.delivers(&cursor); err != nil {
			return fmt.Errorf("when it is met again, %w", err)
		}
	}
	return nil
}

// text is all text of a record.
func text(record plog.LogRecord) string {
	parts := []string{record.Body().AsString(), record.EventName(), record.SeverityText()}
	for name, value := range record.Attributes().All() {
		parts = append(parts, name, value.AsString())
		if value.Type() == pcommon.ValueTypeMap || value.Type() == pcommon.ValueTypeSlice {
			parts = append(parts, fmt.Sprint(value.AsRaw())) // AsString is JSON, which mends what is not UTF-8
		}
	}
	return strings.Join(parts, "\n")
}
