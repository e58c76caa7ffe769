package sourcetest

import (
	"context"
	"errors"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// joined hands everything on at once.
func joined(r source.Reader) source.Reader {
	return altered{r, func(ctx context.Context, subject source.Subject, after source.Cursor) batches {
		return func(yield func(source.Batch, error) bool) {
			whole := source.Batch{Cursor: after}
			for b, err := range r.Read(ctx, subject, after) {
				if err != nil {
					yield(b, err)
					return
				}
				whole.Entries, whole.Cursor = append(whole.Entries, b.Entries...), b.Cursor
			}
			yield(whole, nil)
		}
	}}
}

// hasty gives the first batches the cursor of the last one.
func hasty(r source.Reader) source.Reader {
	return altered{r, func(ctx context.Context, subject source.Subject, after source.Cursor) batches {
		return func(yield func(source.Batch, error) bool) {
			var all []source.Batch
			var failed error
			for b, err := range r.Read(ctx, subject, after) {
				if failed = err; err == nil {
					all = append(all, b)
				}
			}
			for _, b := range all {
				b.Cursor = all[len(all)-1].Cursor
				if !yield(b, nil) {
					return
				}
			}
			if failed != nil {
				yield(source.Batch{}, failed)
			}
		}
	}}
}

// forgiving begins at now if it cannot read its cursor.
func forgiving(r source.Reader) source.Reader {
	return altered{r, func(ctx context.Context, subject source.Subject, after source.Cursor) batches {
		return func(yield func(source.Batch, error) bool) {
			for b, err := range r.Read(ctx, subject, after) {
				var e *source.Error
				if errors.As(err, &e) && e.Kind == source.BadCursor {
					yield(source.Batch{Cursor: r.Start(time.Now())}, nil)
					return
				}
				if !yield(b, err) {
					return
				}
			}
		}
	}}
}

// trusting believes that everything is old to a cursor of the future.
func trusting(p Provider) func(source.Reader) source.Reader {
	return func(r source.Reader) source.Reader {
		return altered{r, func(ctx context.Context, subject source.Subject, after source.Cursor) batches {
			if after == p.Future(after) {
				return func(func(source.Batch, error) bool) {}
			}
			return r.Read(ctx, subject, after)
		}}
	}
}

// deaf reads on when it is told to stop.
func deaf(r source.Reader) source.Reader {
	return altered{r, func(ctx context.Context, subject source.Subject, after source.Cursor) batches {
		return r.Read(context.WithoutCancel(ctx), subject, after)
	}}
}

// wasteful reads everything once more to be sure.
func wasteful(r source.Reader) source.Reader {
	return altered{r, func(ctx context.Context, subject source.Subject, after source.Cursor) batches {
		return func(yield func(source.Batch, error) bool) {
			r.Read(ctx, subject, after)(func(source.Batch, error) bool { return true })
			r.Read(ctx, subject, after)(yield)
		}
	}}
}
