package config

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/go-viper/mapstructure/v2"
	"go.opentelemetry.io/collector/confmap"
)

// decode reads the user's settings over what is in into. Its error has a line for each fault, with its path below the
// receiver's, and in the user's words instead of Go's.
func decode(conf *confmap.Conf, into any, blocks []block) error {
	lines := emptyKeys(conf, blocks)
	if err := conf.Unmarshal(into); err != nil {
		lines = append(lines, faults("", err)...)
	}
	if len(lines) == 0 {
		return nil
	}
	for i, line := range lines { // the two keys types are easily taken for each other
		if strings.HasPrefix(line, "types::include:") || strings.HasPrefix(line, "types::exclude:") {
			lines[i] += ": to keep or leave out entries by their types, set auth0::types"
		}
	}
	slices.Sort(lines)
	return errors.New(strings.Join(slices.Compact(lines), "\n"))
}

// emptyKeys finds the keys without a value, as they are when an environment variable is not set. The Collector would
// read a 0 there, not the default: no overlap, no reserve, no repetition of what was refused. What is not told here may be
// empty, or is looked after by its own type.
func emptyKeys(conf *confmap.Conf, blocks []block) []string {
	var lines []string
	for _, key := range conf.AllKeys() {
		first, rest, _ := strings.Cut(key, confmap.KeyDelimiter)
		i := slices.IndexFunc(blocks, func(b block) bool { return b.key == first })
		mayBeEmpty := first == "types" || i >= 0 && !slices.Contains(blocks[i].required(), rest)
		if !mayBeEmpty && conf.Get(key) == nil {
			lines = append(lines, key+": "+errEmpty.Error())
		}
	}
	return lines
}

// faults is one line for each fault in the error of a decoder, which names the keys on the way to it.
func faults(path string, err error) []string {
	switch e := err.(type) { //nolint:errorlint // the layers are taken off one by one
	case interface{ Unwrap() []error }:
		var lines []string
		for _, part := range e.Unwrap() {
			lines = append(lines, faults(path, part)...)
		}
		return lines
	case interface {
		Name() string
		Unwrap() error
	}:
		return faults(join(path, e.Name()), e.Unwrap())
	case interface{ Unwrap() error }:
		if hasParts(e.Unwrap()) {
			return faults(path, e.Unwrap())
		}
	}
	return []string{strings.TrimPrefix(path+": ", ": ") + plain(err)}
}

func hasParts(err error) bool {
	var several interface{ Unwrap() []error }
	var named interface{ Name() string }
	return errors.As(err, &several) || errors.As(err, &named)
}

// join appends the decoder's name of a key, as in rate_limit.reserve or users[1], to a path.
func join(path, name string) string {
	if strings.HasPrefix(name, "config.") { // the name of a Go type stands for the block itself
		name = ""
	}
	name = strings.NewReplacer(".", confmap.KeyDelimiter, "[", confmap.KeyDelimiter, "]", "").Replace(name)
	return strings.Trim(path+confmap.KeyDelimiter+name, ":")
}

// plain says in a user's words what a decoder says in Go's. What it does not know it leaves as it is.
func plain(err error) string {
	var kind *mapstructure.UnconvertibleTypeError
	text := err.Error()
	switch {
	case errors.As(err, &kind):
		return wrongType(kind)
	case strings.HasPrefix(text, "time: "):
		return "is not a duration such as 30s, 10m or 24h"
	case strings.HasPrefix(text, "source data must be an array or slice"):
		return "must be a list, as in [a, b]"
	case strings.HasPrefix(text, "expected a map or struct"):
		return "must be a block of keys"
	}
	if keys, ok := strings.CutPrefix(text, "has invalid keys: "); ok {
		return "unknown keys " + keys + ": remove them, or correct the spelling"
	}
	return text
}

func wrongType(e *mapstructure.UnconvertibleTypeError) string {
	want, got := word(e.Expected.Type()), word(reflect.TypeOf(e.Value))
	text := fmt.Sprintf("must be %s, not %s", want, got)
	if e.Expected.Kind() == reflect.String && (got == "a number" || got == "true or false" || got == "a date") {
		text += ": put it in quotes"
	}
	return text
}

func word(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[time.Time]():
		return "a date"
	case reflect.TypeFor[Interval](), reflect.TypeFor[Span]():
		return "a duration such as 30s"
	case reflect.TypeFor[ByteSize]():
		return "a size such as 16MiB"
	}
	switch t.Kind() { //nolint:exhaustive // YAML has no more
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "text"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Map, reflect.Struct, reflect.Pointer:
		return "a block of keys"
	}
	return "a number"
}
