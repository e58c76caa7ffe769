package auth0

import (
	"context"
	"sync/atomic"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// Filter says which entries of a tenant's log are kept: by their types, and by the users that a list names. It is safe
// for concurrent use.
type Filter struct {
	include, exclude map[string]struct{}
	list             source.Lister
	users            atomic.Pointer[map[string]struct{}] // of the list; nil keeps those of all users
}

var _ source.Lister = (*Filter)(nil)

// NewFilter makes a filter that keeps the types to include (none: all) but for those to exclude, and, unless list is nil,
// of the users that it names only.
func NewFilter(include, exclude []string, list source.Lister) *Filter {
	return &Filter{include: setOf(include), exclude: setOf(exclude), list: list}
}

// List implements source.Lister: it names the one log of the tenant, and takes up the users. As long as no users are
// known there is nothing to list, so that no entry is left out, and passed, because a file is not there yet.
func (f *Filter) List(ctx context.Context) ([]source.Subject, error) {
	log := []source.Subject{""}
	if f.list == nil {
		return log, nil
	}
	subjects, err := f.list.List(ctx)
	switch {
	case len(subjects) > 0:
		users := make(map[string]struct{}, len(subjects))
		for _, s := range subjects {
			users[string(s)] = struct{}{}
		}
		f.users.Store(&users)
	case f.users.Load() == nil:
		return nil, err
	}
	return log, err
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
