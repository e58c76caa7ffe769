// Package userlist lists the users whose logs are read: those of the configuration, and those of a file.
package userlist

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

const (
	// maxFileSize bounds the file: two million ids of 32 characters.
	maxFileSize = 64 << 20
	// maxIDLength bounds one id. The longest ids of identity systems, of enterprise connections, have some hundred
	// characters.
	maxIDLength = 1024
)

// List is a fixed list of users and a file. It is not safe for concurrent use.
type List struct {
	fixed []source.Subject // nil without a file
	path  string

	sum     [sha256.Size]byte // of the file's content that users were taken from
	users   []source.Subject
	problem error
}

var _ source.Lister = (*List)(nil)

// New makes a list of the given users and, if path is not empty, those of a file with one id a line.
func New(users []string, path string) *List {
	fixed := make([]source.Subject, len(users))
	for i, user := range users {
		fixed[i] = source.Subject(user)
	}
	l := &List{path: path, users: unique(fixed)}
	if path != "" {
		l.fixed = fixed
	}
	return l
}

// List implements source.Lister. The file is read every time, and parsed if it changed: sizes and times of files lie
// where they are mounted from elsewhere. Lines that cannot be ids are left out; the error, which comes with the users,
// says which. A file without any id is an error, too: it may be the wrong one, or one that is being written. Its users
// are dropped all the same, because it may have been emptied on purpose. If the file cannot be read, the error comes with the users of the last time that it could; the first time,
// with those of the configuration, if there are any.
func (l *List) List(context.Context) ([]source.Subject, error) {
	if l.path == "" {
		return l.users, nil
	}
	content, err := readFile(l.path)
	if err != nil {
		err = &source.Incomplete{Err: fmt.Errorf("users_file cannot be read: %w", err)}
		if len(l.users) == 0 {
			return nil, err
		}
		return l.users, err
	}
	if sum := sha256.Sum256(content); sum != l.sum {
		users, problem := Parse(content)
		switch {
		case problem != nil:
			problem = fmt.Errorf("users_file %s: %w", l.path, problem)
		case len(users) == 0:
			problem = fmt.Errorf("users_file %s holds no ids", l.path)
		}
		users = unique(slices.Concat(l.fixed, users))
		source.KeepTexts(users, l.users)
		l.sum, l.users, l.problem = sum, users, problem
	}
	return l.users, l.problem
}

func readFile(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxFileSize+1))
	if len(content) > maxFileSize {
		return nil, fmt.Errorf("%s is larger than %d bytes", path, maxFileSize)
	}
	return content, err
}

// Parse takes the ids from a file's content: one a line, without the space around it. Empty lines, and lines that
// begin with #, hold none. The error names the first lines that hold something else.
func Parse(content []byte) ([]source.Subject, error) {
	var (
		users  []source.Subject
		faults []error
		more   int
	)
	number := 0
	for line := range bytes.Lines(content) {
		number++
		id := strings.TrimFunc(string(line), isSpace)
		if id == "" || id[0] == '#' {
			continue
		}
		if fault := check(id); fault != "" {
			if len(faults) < maxFaults {
				faults = append(faults, fmt.Errorf("line %d %s", number, fault))
			} else {
				more++
			}
			continue
		}
		users = append(users, source.Subject(id))
	}
	if more > 0 {
		faults = append(faults, fmt.Errorf("and %d more lines", more))
	}
	if len(faults) > 0 {
		return users, fmt.Errorf("not ids, left out: %w", joined(faults))
	}
	return users, nil
}

// isSpace counts the byte order mark, with which some editors begin files: when files are put together it is inside.
func isSpace(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' }

// maxFaults is how many lines an error names.
const maxFaults = 5

func check(id string) string {
	switch {
	case !utf8.ValidString(id):
		return "is not UTF-8"
	case strings.ContainsFunc(id, unicode.IsControl):
		return "holds a control character"
	case len(id) > maxIDLength:
		return fmt.Sprintf("is longer than %d bytes", maxIDLength)
	case id == "." || id == "..":
		return "would be a path, not an id"
	}
	return ""
}

func joined(faults []error) error {
	texts := make([]string, len(faults))
	for i, fault := range faults {
		texts[i] = fault.Error()
	}
	return errors.New(strings.Join(texts, "; "))
}

func unique(users []source.Subject) []source.Subject {
	seen := make(map[source.Subject]struct{}, len(users))
	kept := make([]source.Subject, 0, len(users))
	for _, user := range users {
		if _, ok := seen[user]; !ok {
			seen[user] = struct{}{}
			kept = append(kept, user)
		}
	}
	return kept
}
