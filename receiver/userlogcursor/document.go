package userlogcursor

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/userlog/userlog-otel/receiver/internal/checkpoint"
)

// An exported document has a line of JSON for the head, for each key of the storage in order, and for the sum of all lines
// before it, so that one that was cut or changed on its way is known.
const (
	format        = "userlog-cursors"
	formatVersion = 1
	// maxLine bounds a line: the largest cursors are of a quarter of a megabyte, and JSON makes them a little longer.
	maxLine = 4 << 20
)

type head struct {
	Format   string `json:"format"`
	Version  int    `json:"version"`
	Receiver string `json:"receiver"`
	Keys     int    `json:"keys"`
}

// line holds a value as text or, where one that was set aside is none, as bytes.
type line struct {
	Key   string `json:"key"`
	Value string `json:"value,omitempty"`
	Bytes []byte `json:"base64,omitempty"`
}

func lineOf(one checkpoint.Stored) line {
	if utf8.Valid(one.Value) {
		return line{Key: one.Key, Value: string(one.Value)}
	}
	return line{Key: one.Key, Bytes: one.Value}
}

func (l line) value() []byte {
	if l.Bytes != nil {
		return l.Bytes
	}
	return []byte(l.Value)
}

type foot struct {
	Sum string `json:"sha256"`
}

// write writes a document.
func write(w io.Writer, receiver string, all []checkpoint.Stored) error {
	sum := sha256.New()
	buffered := bufio.NewWriter(w)
	encoder := json.NewEncoder(io.MultiWriter(buffered, sum))
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(head{format, formatVersion, receiver, len(all)}); err != nil {
		return err
	}
	for _, one := range all {
		if err := encoder.Encode(lineOf(one)); err != nil {
			return err
		}
	}
	if err := json.NewEncoder(buffered).Encode(foot{hex.EncodeToString(sum.Sum(nil))}); err != nil {
		return err
	}
	return buffered.Flush()
}

var errDamaged = errors.New("the export is not whole: it was cut or changed since it was written")

// read reads a document. Every cursor in it can be read by this version.
func read(r io.Reader) ([]checkpoint.Stored, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	sum := sha256.New()
	next := func(into any, summed bool) bool {
		if !lines.Scan() {
			return false
		}
		if summed {
			sum.Write(lines.Bytes())
			sum.Write([]byte{'\n'})
		}
		return json.Unmarshal(lines.Bytes(), into) == nil
	}
	var h head
	switch {
	case !next(&h, true) || h.Format != format:
		return nil, errors.New("this is no export of cursors: use what `userlog cursor export` wrote")
	case h.Version != formatVersion:
		return nil, fmt.Errorf("the export is of version %d, and this program reads version %d: use the program that wrote it", h.Version, formatVersion)
	}
	var all []checkpoint.Stored
	for range h.Keys {
		var l line
		if !next(&l, true) || l.Key == "" {
			return nil, errDamaged
		}
		one, err := checkpoint.ReadStored(l.Key, l.value())
		if err != nil {
			return nil, fmt.Errorf("key %d of the export: %w", len(all)+1, err)
		}
		all = append(all, one)
	}
	var f foot
	if !next(&f, false) || f.Sum != hex.EncodeToString(sum.Sum(nil)) || lines.Scan() || lines.Err() != nil {
		return nil, errDamaged
	}
	return all, nil
}
