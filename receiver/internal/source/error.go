package source

import (
	"errors"
	"fmt"
	"time"
)

// Kind tells the engine what to do about a failed read.
type Kind int

const (
	// Transient failures go away by themselves: the API is unreachable, answers 5xx, or answers what cannot be read.
	// The read is repeated with backoff.
	Transient Kind = iota
	// Unauthorized means that the credentials were refused. All logs of the source wait.
	Unauthorized
	// Forbidden means that a right is missing. This log waits, the others go on.
	Forbidden
	// Gone means that the API does not know the subject (any more). It is looked for again now and then.
	Gone
	// Unreadable means that the API answered what makes no sense: truncated, another kind of document, too large. The
	// answer is dropped whole, and the read repeated with backoff.
	Unreadable
	// BadCursor means that the cursor cannot be read. The log starts again from the lookback.
	BadCursor
)

// String returns the kind in one word, for logs and metrics.
func (k Kind) String() string {
	switch k {
	case Transient:
		return "transient"
	case Unauthorized:
		return "unauthorized"
	case Forbidden:
		return "forbidden"
	case Gone:
		return "gone"
	case Unreadable:
		return "unreadable"
	case BadCursor:
		return "bad_cursor"
	}
	return fmt.Sprintf("kind %d", int(k))
}

// Error is a failed read. Its text holds no secret, no part of an answer's body, and no subject.
type Error struct {
	Kind Kind
	// Op is what was tried, with placeholders instead of ids: "GET /api/v2/users/{id}/logs".
	Op string
	// Err says what went wrong.
	Err error
	// RetryAfter is the earliest time from now at which a repeat makes sense; zero if the engine may choose.
	RetryAfter time.Duration
	// Since is, of a BadCursor that can be read but is no longer right, the time by the local clock up to which everything
	// was read; zero if nothing is known.
	Since time.Time
}

func (e *Error) Error() string {
	text := e.Kind.String()
	if e.Err != nil {
		text = e.Err.Error()
	}
	if e.Op == "" {
		return text
	}
	return e.Op + ": " + text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf returns the kind of the first *Error in err's chain, Transient if there is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Transient
}

// Incomplete is the error of a list that does not name all subjects, because some of them are not known at all.
type Incomplete struct{ Err error }

func (e *Incomplete) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *Incomplete) Unwrap() error { return e.Err }
