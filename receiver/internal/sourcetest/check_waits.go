package sourcetest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// waitsIfThrottled: 429 is no error but a wait, as long as the API asks for, and then the same request again. An API
// that is down says when it comes back, and the error passes it on.
func waitsIfThrottled(p Provider) error {
	for asked, least := range map[string]time.Duration{"": time.Second, "30": 30 * time.Second, "nonsense": time.Second} {
		for n := 1; n <= 3; n++ {
			w := spoiled(p, n, throttle(http.StatusTooManyRequests, asked))
			cursor, began := w.start(), time.Now()
			_, err := w.read(&cursor)
			waited := time.Since(began)
			again := len(w.wire.requests) > n && w.wire.requests[n] == w.wire.requests[n-1]
			if err != nil || !again || waited < least || waited > 2*least {
				return errors.Join(fmt.Errorf("answer %d asks for %q, it waits for %v; asks again: %v", n, asked, waited, again), err)
			}
		}
	}
	w := spoiled(p, 1, throttle(http.StatusServiceUnavailable, "7"))
	cursor := w.start()
	_, err := w.read(&cursor)
	var e *source.Error
	if !errors.As(err, &e) || e.RetryAfter != 7*time.Second {
		return errors.Join(errors.New("503 with Retry-After: 7 does not say so"), err)
	}
	return nil
}

func throttle(status int, retryAfter string) fault {
	return fault{spoil: func(a *answer) {
		a.status, a.body = status, nil
		if retryAfter != "" {
			a.header.Set("Retry-After", retryAfter)
		}
	}}
}

// obeysItsContext: when ctx is done, a read ends at once with its error, whatever it waits for, and asks no more.
func obeysItsContext(p Provider) error {
	for n := range 3 {
		if err := endsWhenCancelled(p, n); err != nil {
			return fmt.Errorf("in request %d: %w", n, err)
		}
	}
	w := spoiled(p, 1, throttle(http.StatusTooManyRequests, "60"))
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	cursor, began := w.start(), time.Now()
	err := w.readBatches(ctx, &cursor, func(source.Batch) error { return nil })
	if took := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || took != 2*time.Second {
		return errors.Join(fmt.Errorf("a wait for the API ends after %v instead of 2s", took), err)
	}
	return nil
}

// endsWhenCancelled cancels while request n is held; 0 is before the first.
func endsWhenCancelled(p Provider, n int) error {
	w := newWorld(p)
	w.many(SeveralPages, time.Minute, time.Minute)
	w.wire.hold, w.wire.held, w.wire.letGo = n, make(chan struct{}), make(chan struct{})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if n == 0 {
		cancel()
	}
	ended := make(chan error, 1)
	go func() {
		cursor := w.start()
		ended <- w.readBatches(ctx, &cursor, func(source.Batch) error { return nil })
	}()
	if n > 0 {
		select {
		case <-w.wire.held:
			cancel()
		case err := <-ended: // it needs no such request
			return err
		}
	}
	select {
	case err := <-ended:
		if !errors.Is(err, context.Canceled) || len(w.wire.requests) != n {
			return errors.Join(fmt.Errorf("it ends after %d requests, and not with the error of ctx", len(w.wire.requests)), err)
		}
		return nil
	case <-time.After(time.Nanosecond): // of a clock that stands still as long as anybody works
		close(w.wire.letGo)
		return errors.Join(errors.New("it goes on waiting for the answer"), <-ended)
	}
}
