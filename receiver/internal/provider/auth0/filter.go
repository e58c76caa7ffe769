package auth0

import (
	"context"
	"errors"
	"maps"
	"sync/atomic"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// Filter says which entries of a tenant's log are kept: by their types, and by the users that a list names. It is safe
// for concurrent use; List is for one caller at a time.
type Filter struct {
	include, exclude map[string]struct{}
	list             source.Lister
	listed           []source.Subject                    // that users was made of
	users            atomic.Pointer[map[string]struct{}] // nil keeps the entries of all users
}

var _ source.Lister = (*Filter)(nil)

// NewFilter makes a filter that keeps the types to include (none: all) but for those to exclude, and, unless list is nil,
// of the users that it names only.
func NewFilter(include, exclude []string, list source.Lister) *Filter {
	return &Filter{include: setOf(include), exclude: setOf(exclude), list: list}
}

// List implements source.Lister: it names the one log of the tenant, and takes up the users. What is left out is passed for
// good. So as long as not all users are known, as when a file is not there yet, there is nothing to list; and as long as a
// list comes with an error, as that of a file that was emptied does, nobody is dropped.
func (f *Filter) List(ctx context.Context) ([]source.Subject, error) {
	log := []source.Subject{""}
	if f.list == nil {
		return log, nil
	}
	subjects, err := f.list.List(ctx)
	before := f.users.Load()
	var incomplete *source.Incomplete
	switch {
	case before == nil && err != nil && (len(subjects) == 0 || errors.As(err, &incomplete)):
		return nil, err
	case err == nil && same(subjects, f.listed):
		return log, nil
	}
	users := make(map[string]struct{}, len(subjects))
	for _, s := range subjects {
		users[string(s)] = struct{}{}
	}
	if err != nil && before != nil {
		maps.Copy(users, *before)
		subjects = nil
	}
	f.listed = subjects
	f.users.Store(&users)
	return log, err
}

// same tells whether a list is the one that was returned before.
func same(a, b []source.Subject) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

func (f *Filter) keeps(e *entry) bool {
	if f == nil {
		return true
	}
	if len(f.include) > 0 || len(f.exclude) > 0 {
		kind := e.text(fieldType)
		if _, out := f.exclude[kind]; out {
			return false
		}
		if _, in := f.include[kind]; !in && len(f.include) > 0 {
			return false
		}
	}
	if users := f.users.Load(); users != nil {
		_, in := (*users)[e.text(fieldUserID)]
		return in
	}
	return true
}

func setOf(words []string) map[string]struct{} {
	set := make(map[string]struct{}, len(words))
	for _, word := range words {
		set[word] = struct{}{}
	}
	return set
}
