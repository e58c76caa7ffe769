package shape

import (
	"unsafe"

	"github.com/go-json-experiment/json/jsontext"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/userlog/userlog-otel/receiver/internal/jsonview"
)

const (
	// deepest is how many levels of maps and lists are built, because what comes behind us walks them by recursion. No entry
	// ever seen had more than eight.
	deepest = 64
	// widest is how many members an object may have to become a map, because pdata looks through a map for each member that
	// is put into it. No entry ever seen had a fifth of it.
	widest = 256
)

// unfold puts what a JSON text says in the place of the text: objects become maps, null becomes an empty value, and of
// several members with one name the last counts. An object or array that is nested too deep, or has too many members,
// stays text. The whole stays text if it is not JSON, or is nested deeper than the 10,000 levels that can be read.
func unfold(value pcommon.Value) {
	if value.Type() != pcommon.ValueTypeStr {
		return
	}
	text := value.Str()
	bytes := unsafe.Slice(unsafe.StringData(text), len(text)) //nolint:gosec // a decoder only reads them
	u := unfolding{text: text, dec: jsonview.NewDecoder(bytes)}
	setEmpty(value)
	if u.next(value, 1) != nil || jsonview.End(u.dec) != nil {
		value.SetStr(text)
	}
}

// unfolding is the reading of one text.
type unfolding struct {
	text string
	dec  *jsontext.Decoder
}

// next reads the next value into an empty one, which lies on a level, the first being that of the whole.
func (u *unfolding) next(into pcommon.Value, level int) error {
	kind := u.dec.PeekKind()
	switch {
	case kind == '{' && level <= deepest:
		return u.object(into, level)
	case kind == '[' && level <= deepest:
		return u.array(into, level)
	}
	text, err := u.whole()
	if err != nil {
		return err
	}
	switch kind {
	case '"':
		into.SetStr(jsonview.TextOf(text))
	case '0':
		putNumber(into, text)
	case 't', 'f':
		into.SetBool(kind == 't')
	case '{', '[':
		into.SetStr(jsonview.ValidUTF8(text))
	}
	return nil
}

// whole reads the next value, or name, as its text.
func (u *unfolding) whole() (string, error) {
	value, err := u.dec.ReadValue()
	end := int(u.dec.InputOffset())
	return u.text[end-len(value) : end], err
}

func (u *unfolding) array(into pcommon.Value, level int) error {
	if _, err := u.dec.ReadToken(); err != nil {
		return err
	}
	list := into.SetEmptySlice()
	for u.dec.PeekKind() != ']' {
		if err := u.next(list.AppendEmpty(), level+1); err != nil {
			return err
		}
	}
	_, err := u.dec.ReadToken()
	return err
}

func (u *unfolding) object(into pcommon.Value, level int) error {
	if _, err := u.dec.ReadToken(); err != nil {
		return err
	}
	begin := u.dec.InputOffset() - 1
	members := into.SetEmptyMap()
	members.EnsureCapacity(usual(level))
	wide := false
	for u.dec.PeekKind() != '}' {
		name, err := u.whole()
		if err != nil {
			return err
		}
		if wide = members.Len() == widest; wide {
			err = u.dec.SkipValue()
		} else {
			err = u.next(members.PutEmpty(jsonview.TextOf(name)), level+1)
		}
		if err != nil {
			return err
		}
	}
	_, err := u.dec.ReadToken()
	if wide {
		into.SetStr(jsonview.ValidUTF8(u.text[begin:u.dec.InputOffset()]))
	}
	return err
}

// usual is how many members most objects on a level have at most: Auth0's entries 22, what lies in them fewer.
func usual(level int) int {
	if level == 1 {
		return 24
	}
	return 8
}
