package operate

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// deepest is how many levels a value may have: far more than any record, and far from what the stack bears. An operator can
// make values that contain themselves, by adding EXPR(attributes) to the attributes.
const deepest = 1000

var errTooDeep = errors.New("a value has more than 1000 levels, or contains itself")

// toRaw makes a value for operators. It shares nothing with it.
func toRaw(v pcommon.Value) any {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		return v.Str()
	case pcommon.ValueTypeBool:
		return v.Bool()
	case pcommon.ValueTypeInt:
		// Not int64: where operators share an entry, stanza copies that as JSON and makes a float64 of it.
		if n := v.Int(); int64(int(n)) == n {
			return int(n)
		}
		return v.Int()
	case pcommon.ValueTypeDouble:
		return v.Double()
	case pcommon.ValueTypeBytes:
		return v.Bytes().AsRaw()
	case pcommon.ValueTypeMap:
		return toMap(v.Map())
	case pcommon.ValueTypeSlice:
		s := v.Slice()
		list := make([]any, s.Len())
		for i := range list {
			list[i] = toRaw(s.At(i))
		}
		return list
	default:
		return nil
	}
}

func toMap(m pcommon.Map) map[string]any {
	raw := make(map[string]any, m.Len()+1) // with room for the name of the event
	for key, value := range m.All() {
		raw[key] = toRaw(value)
	}
	return raw
}

// putMap writes a map, but for one key ("": all). What like has too comes first, in the order that it has there, and the
// rest in the order of its keys.
func putMap(to pcommon.Map, raw map[string]any, like pcommon.Map, but string, depth int) {
	if depth > deepest {
		panic(errTooDeep)
	}
	to.EnsureCapacity(len(raw))
	for key, value := range like.All() {
		if v, ok := raw[key]; ok && (but == "" || key != but) {
			putValue(to.PutEmpty(key), v, value, depth+1)
		}
	}
	if _, ok := raw[but]; to.Len() == len(raw) || but != "" && ok && to.Len() == len(raw)-1 {
		return
	}
	var added []string
	for key := range raw {
		if _, ok := like.Get(key); !ok && (but == "" || key != but) {
			added = append(added, key)
		}
	}
	slices.Sort(added)
	for _, key := range added {
		putValue(to.PutEmpty(key), raw[key], pcommon.NewValueEmpty(), depth+1)
	}
}

func putSlice(to pcommon.Slice, raw []any, like pcommon.Slice, depth int) {
	if depth > deepest {
		panic(errTooDeep)
	}
	to.EnsureCapacity(len(raw))
	for i, v := range raw {
		value := pcommon.NewValueEmpty()
		if i < like.Len() {
			value = like.At(i)
		}
		putValue(to.AppendEmpty(), v, value, depth+1)
	}
}

// putValue writes what operators made of a value. Maps in it have the order that they have in like.
func putValue(to pcommon.Value, raw any, like pcommon.Value, depth int) {
	switch v := raw.(type) {
	case nil:
	case string:
		to.SetStr(v)
	case map[string]any:
		known := pcommon.NewMap()
		if like.Type() == pcommon.ValueTypeMap {
			known = like.Map()
		}
		putMap(to.SetEmptyMap(), v, known, "", depth)
	case []any:
		known := pcommon.NewSlice()
		if like.Type() == pcommon.ValueTypeSlice {
			known = like.Slice()
		}
		putSlice(to.SetEmptySlice(), v, known, depth)
	case []string:
		for list := to.SetEmptySlice(); len(v) > 0; v = v[1:] {
			list.AppendEmpty().SetStr(v[0])
		}
	case time.Time:
		to.SetStr(v.Format(time.RFC3339Nano))
	default:
		if err := to.FromRaw(v); err != nil {
			to.SetStr(fmt.Sprint(v)) // as the file_log receiver does
		}
	}
}
