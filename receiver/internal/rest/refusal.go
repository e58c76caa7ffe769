package rest

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// Refusal says what an API means by an answer with another status than 200, where the status alone does not: of what
// kind the failure is, and an explanation that the error's text gets, in fixed words of the provider's, or none. It
// returns false where the status does say it, and is not asked about an answer that asks to wait.
//
// A body may hold personal data or the token itself: it must not be kept, and nothing of it may be in the explanation.
// It is as much as arrived of the first 64 KiB, and is overwritten afterwards.
//
// A layer below that authenticates may have repeated a request whose token was refused (oauth.Bearer does, once); this
// is the last answer.
type Refusal func(status int, header http.Header, body []byte) (kind source.Kind, explanation string, ok bool)

// explain lets a Refusal look at an answer whose error was made from the status. It returns the bytes that were read,
// and ctx's error if the body is not whole because of that.
func (f Refusal) explain(ctx context.Context, resp *http.Response, e *source.Error) (int, error) {
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxDrain))
	defer clear(body)
	if err != nil && ctx.Err() != nil {
		return len(body), ctx.Err()
	}
	kind, explanation, ok := f(resp.StatusCode, resp.Header, body)
	if !ok {
		return len(body), e
	}
	e.Kind = kind
	if explanation != "" {
		e.Err = fmt.Errorf("%w: %s", e.Err, explanation)
	}
	return len(body), e
}
