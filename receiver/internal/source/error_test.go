package source

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestKindOfTheFirstErrorInTheChain(t *testing.T) {
	gone := &Error{Kind: Gone, Err: context.Canceled}
	for _, test := range []struct {
		name string
		err  error
		want Kind
	}{
		{"none", nil, Transient},
		{"another error", errors.New("disk full"), Transient},
		{"itself", gone, Gone},
		{"wrapped", fmt.Errorf("user: %w", gone), Gone},
		{"joined", errors.Join(errors.New("x"), gone), Gone},
		{"one in another", &Error{Kind: Forbidden, Err: gone}, Forbidden},
	} {
		t.Run(test.name, func(t *testing.T) { assert.Equal(t, test.want, KindOf(test.err)) })
	}
	assert.ErrorIs(t, gone, context.Canceled)
}

func TestErrorText(t *testing.T) {
	cause := errors.New("404 Not Found")
	for _, test := range []struct {
		err  *Error
		want string
	}{
		{&Error{Kind: Gone, Op: "GET /users/{id}/logs", Err: cause}, "GET /users/{id}/logs: 404 Not Found"},
		{&Error{Kind: Gone, Err: cause}, "404 Not Found"},
		{&Error{Kind: Gone, Op: "GET /users/{id}/logs"}, "GET /users/{id}/logs: gone"},
		{&Error{}, "transient"},
	} {
		assert.EqualError(t, test.err, test.want)
	}
}

func TestKindsAreNamedForMetrics(t *testing.T) {
	seen := map[string]bool{}
	for kind := Transient; kind <= BadCursor; kind++ {
		assert.Regexp(t, `^[a-z_]+$`, kind.String())
		assert.False(t, seen[kind.String()])
		seen[kind.String()] = true
	}
	assert.Equal(t, "kind 99", Kind(99).String())
}
