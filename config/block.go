package config

import (
	"errors"
	"strings"

	"go.opentelemetry.io/collector/confmap"
)

// provider is what the receiver's configuration asks of a provider's block.
type provider interface {
	// Client is what all blocks say alike.
	Client() Client
	// required are the keys, as in tls::min_version, that decode refuses without a value, because it would be read as 0
	// instead of the default. The others may be empty, or their own types look after them. A nil block answers too.
	required() []string
	// concurrency is the number of logs read at once where the user says nothing. A nil block answers too.
	concurrency() Count
	// overlap is how late an entry may appear and still be found where the user says nothing, given what is usual.
	overlap(usual Span) Span
}

// block is a provider's block in the configuration of a receiver.
type block struct {
	provider
	key string
	// given says that the block was read.
	given bool
	// choose takes the defaults, for a block without keys, which selects its provider too.
	choose func()
}

// blockOf is the block that is read into a field of Config.
func blockOf[T any, P interface {
	*T
	provider
}](key string, field *P, newDefault func() P) block {
	return block{provider: *field, key: key, given: *field != nil, choose: func() { *field = newDefault() }}
}

// orEmpty is a credential as it was read. One whose value is null, as it is when an environment variable is not set,
// counts as given and empty, so that validation can point at it.
func orEmpty[T any](conf *confmap.Conf, key string, value *T) *T {
	if value == nil && conf.IsSet(key) {
		return new(T)
	}
	return value
}

// isBlank tells whether a key is there and has no value, or no words, as from an environment variable that is not set.
func isBlank(conf *confmap.Conf, key string) bool {
	if !conf.IsSet(key) {
		return false
	}
	switch value := conf.Get(key).(type) {
	case nil:
		return true
	case string:
		return strings.TrimSpace(value) == "" && key != "users_file" // whose default is written so
	}
	return false
}

// spellOut replaces what YAML made of a lone value by what was written. It is for lists that come from an environment
// variable: what looks like a number there, such as +49301234567, is one id, and keeps its plus. What is a list, or is not
// text to T, stays as it is.
func spellOut[T ~string](conf *confmap.Conf, keys ...string) error {
	texts := map[string]*T{}
	_ = conf.Unmarshal(&texts) // what is no text is told when the block is decoded
	for _, key := range keys {
		switch conf.Get(key).(type) {
		case []any, map[string]any:
			continue
		}
		if text := texts[key]; text != nil {
			if err := conf.Merge(confmap.NewFromStringMap(map[string]any{key: string(*text)})); err != nil {
				return err
			}
		}
	}
	return nil
}

// inOneLine joins faults that concern a whole block, because the path stands before the first line of an error only.
func inOneLine(errs ...error) error {
	var faults []string
	for _, err := range errs {
		if err != nil {
			faults = append(faults, err.Error())
		}
	}
	if len(faults) == 0 {
		return nil
	}
	return errors.New(strings.Join(faults, "; "))
}
