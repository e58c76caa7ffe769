package userlogcursor

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/userlog/userlog-otel/receiver/internal/checkpoint"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// Choice is which logs are meant.
type Choice struct {
	// All means all of them.
	All bool
	// Logs are beginnings of their ids as Show tells them, or whose they are: as in the configuration, or as in users/7.
	Logs []string
}

// shortest is how many characters of an id have to be told: a few more than tell a million logs from each other would be
// a nuisance, and two that begin alike are refused.
const shortest = 4

// Selected returns the ids of the logs that are meant. Each word has to mean exactly one that is stored.
func Selected(ctx context.Context, client Client, c Choice) ([]string, error) {
	all, _, err := load(ctx, client)
	if err != nil {
		return nil, err
	}
	chosen, err := c.of(all)
	ids := make([]string, len(chosen))
	for i, one := range chosen {
		ids[i] = one.Log
	}
	return ids, err
}

func (c Choice) of(all []checkpoint.Stored) (chosen []checkpoint.Stored, err error) {
	if c.All == (len(c.Logs) > 0) {
		return nil, errors.New("say which logs are meant: name them, or use --all")
	}
	var errs []error
	known := map[string]struct{}{}
	for _, word := range c.Logs {
		found := matching(all, word)
		if len(found) != 1 {
			errs = append(errs, fmt.Errorf("%d logs are stored that one of the words could mean, word %d: name a log as `show` does, or by its user, as the configuration has it",
				len(found), 1+len(known)+len(errs)))
			continue
		}
		known[found[0]] = struct{}{}
	}
	for _, one := range all {
		if _, named := known[one.Log]; one.Log != "" && (named || c.All) {
			chosen = append(chosen, one)
		}
	}
	return chosen, errors.Join(errs...)
}

// matching are the ids of the stored logs that a word may mean.
func matching(all []checkpoint.Stored, word string) (ids []string) {
	names := map[string]struct{}{checkpoint.HashOf(source.Subject(word)): {}}
	for _, kind := range []string{"users/", "accounts/", "logins/"} { // Canvas's subjects
		names[checkpoint.HashOf(source.Subject(kind+word))] = struct{}{}
	}
	for _, one := range all {
		_, named := names[one.Log]
		if one.Log != "" && (named || len(word) >= shortest && strings.HasPrefix(one.Log, word)) {
			ids = append(ids, one.Log)
		}
	}
	return ids
}

// Reset has logs begin again: at the start that is given, or, if it is empty, at initial_lookback, as new ones do. All of
// them do, or none if the storage fails. It returns how many.
func Reset(ctx context.Context, client Client, c Choice, start source.Cursor) (int, error) {
	all, problems, err := load(ctx, client)
	if err != nil {
		return 0, err
	}
	chosen, err := c.of(all)
	if err != nil {
		return 0, err
	}
	writes := make([]*storage.Operation, 0, len(chosen))
	for _, one := range chosen {
		switch {
		case errors.Is(problems[one.Key], checkpoint.ErrNewerVersion):
			return 0, problems[one.Key]
		case start == "":
			writes = append(writes, storage.DeleteOperation(one.Key))
		default:
			writes = append(writes, storage.SetOperation(one.Key, one.Replaced(start)))
		}
	}
	if err := client.Batch(ctx, writes...); err != nil {
		return 0, fmt.Errorf("nothing was reset: %w", err)
	}
	return len(writes), nil
}
