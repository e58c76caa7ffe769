package follow

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

const (
	// interval is how often the file is looked at: quick for a person, no load for the machine.
	interval = 100 * time.Millisecond
	// maxPending is the greatest line: the rest of a longer one is not kept.
	maxPending = 64 << 20
)

// Tail hands each complete line that is written to the file at path to line, without its line end, until ctx is done;
// then it reads what is still there and hands on a last line without an end too. What is in the file when Tail is
// made is skipped. The file may not exist yet, may be truncated, and may be replaced by another.
type Tail struct {
	path    string
	file    *os.File
	offset  int64
	pending []byte
}

// NewTail notes how much of the file is old. Call it before whoever writes the file is started.
func NewTail(path string) (*Tail, error) {
	t := &Tail{path: path}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return t, nil
	case err != nil:
		return nil, fmt.Errorf("file to follow: %w", err)
	case info.IsDir():
		return nil, fmt.Errorf("file to follow: %s is a directory", path)
	}
	t.offset = info.Size()
	if t.file, err = os.Open(path); err != nil {
		return nil, fmt.Errorf("file to follow: %w", err)
	}
	return t, nil
}

// Run does what [Tail] says. It returns the first error of reading or of line.
func (t *Tail) Run(ctx context.Context, line func([]byte) error) error {
	defer func() {
		if t.file != nil {
			_ = t.file.Close()
		}
	}()
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			if err := t.read(line); err != nil {
				return err
			}
			if len(bytes.TrimSpace(t.pending)) > 0 {
				return line(t.pending)
			}
			return nil
		case <-tick.C:
			if err := t.read(line); err != nil {
				return err
			}
		}
	}
}

// read hands on the lines that are new, of the old file to its end and then of the one that took its place.
func (t *Tail) read(line func([]byte) error) error {
	if err := t.drain(line); err != nil {
		return err
	}
	info, err := os.Stat(t.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if t.file != nil {
		if open, err := t.file.Stat(); err == nil && os.SameFile(open, info) {
			return nil
		}
		_ = t.file.Close()
	}
	t.offset, t.pending = 0, nil
	if t.file, err = os.Open(t.path); err != nil {
		t.file = nil
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	return t.drain(line)
}

// drain reads the open file from the offset to its end, or from its begin if it became shorter.
func (t *Tail) drain(line func([]byte) error) error {
	if t.file == nil {
		return nil
	}
	info, err := t.file.Stat()
	if err != nil {
		return err
	}
	if info.Size() < t.offset {
		t.offset, t.pending = 0, nil
	}
	chunk := make([]byte, 64<<10)
	for {
		n, err := t.file.ReadAt(chunk, t.offset)
		t.offset += int64(n)
		if err2 := t.split(chunk[:n], line); err2 != nil {
			return err2
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// split hands on the lines that data completes and keeps the rest.
func (t *Tail) split(data []byte, line func([]byte) error) error {
	for {
		before, after, found := bytes.Cut(data, []byte("\n"))
		if room := maxPending - len(t.pending); len(before) > room {
			before = before[:room]
		}
		t.pending = append(t.pending, before...)
		if !found {
			return nil
		}
		if len(bytes.TrimSpace(t.pending)) > 0 {
			if err := line(t.pending); err != nil {
				return err
			}
		}
		t.pending, data = t.pending[:0], after
	}
}
