package sourcetest

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// spoiled is a world with a log of several pages, in which the answer to the n-th request is spoilt.
func spoiled(p Provider, n int, f fault) *world {
	w := newWorld(p)
	w.many(SeveralPages, time.Minute, time.Minute)
	w.wire.spoil = func(i int, a *answer) {
		if i == n {
			f.spoil(a)
		}
	}
	return w
}

// namesFaults: every fault of the first answer is an error of the right kind, and nothing is delivered.
func namesFaults(p Provider) error {
	var wrong []error
	for _, f := range faults(p) {
		w := spoiled(p, 1, f)
		cursor := w.start()
		before := cursor
		uids, err := w.read(&cursor)
		if f.mayPass && err == nil {
			continue
		}
		switch {
		case err == nil:
			err = errors.New("is no error")
		case len(uids) > 0 || cursor != before:
			err = errors.New("is an error, but something was delivered")
		default:
			err = w.isError(err, f.want)
		}
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", f.name, err))
		}
	}
	return errors.Join(wrong...)
}

// survivesFaults: a fault of any answer costs no entry and repeats none, once it is over.
func survivesFaults(p Provider) error {
	for _, f := range faults(p) {
		for n := 1; n <= 3; n++ {
			w := spoiled(p, n, f)
			cursor, delivered := w.start(), ledger{}
			uids, err := w.read(&cursor)
			delivered.add(uids...)
			w.wire.spoil = nil
			var told *source.Error
			if err == nil || errors.As(err, &told) { // namesFaults says which
				err = w.completes(&cursor, delivered, 2)
			}
			if err != nil {
				return fmt.Errorf("%s, as answer %d: %w", f.name, n, err)
			}
		}
	}
	return nil
}

// tellsNothing: no error holds a part of an answer, the token, or the subject.
func tellsNothing(p Provider) error {
	for _, f := range faults(p) {
		for n := 1; n <= 3; n++ {
			w := spoiled(p, n, f)
			cursor := w.start()
			if _, err := w.read(&cursor); err != nil {
				if word := w.told(err); word != "" {
					return fmt.Errorf("%s: %q is in the error: %w", f.name, word, err)
				}
			}
		}
	}
	return nil
}

// told is a word of an error that must not be in it.
func (w *world) told(err error) string {
	subject := string(w.p.Subject)
	words := []string{canary, subject, url.PathEscape(subject), url.QueryEscape(subject)}
	for _, part := range strings.FieldsFunc(subject, func(r rune) bool { return r == '/' || r == '|' }) {
		if len(part) >= 6 && part != w.p.Kind {
			words = append(words, part)
		}
	}
	for _, r := range w.rows {
		words = append(words, r.uid)
	}
	for _, word := range words {
		if strings.Contains(err.Error(), word) {
			return word
		}
	}
	return ""
}

// isError tells what is wrong with an error that should be of a kind.
func (w *world) isError(err error, want source.Kind) error {
	var e *source.Error
	if !errors.As(err, &e) {
		return fmt.Errorf("%T is no *source.Error: %w", err, err)
	}
	if e.Kind != want {
		return fmt.Errorf("is of kind %v, not %v: %w", e.Kind, want, err)
	}
	return nil
}
