package shape

import "go.opentelemetry.io/collector/pdata/pcommon"

// act is what is done with an attribute: some of the acts below, in their order.
type act uint8

const (
	drop act = 1 << iota
	shorten
	encode
)

// privacy is what is done with attributes, by their names.
type privacy struct {
	acts   map[string]act
	hasher *hasher
}

func newPrivacy(s Settings) privacy {
	p := privacy{acts: map[string]act{}, hasher: newHasher(s.HashKey)}
	for _, name := range s.Drop {
		p.acts[name] |= drop
	}
	if s.TruncateIP {
		p.acts["client.address"] |= shorten // no other attribute holds the address of a person
	}
	for _, name := range s.Hash {
		p.acts[name] |= encode
	}
	return p
}

// apply changes attributes. What stays keeps its place.
func (p privacy) apply(attributes pcommon.Map) {
	if len(p.acts) == 0 {
		return
	}
	attributes.RemoveIf(func(name string, value pcommon.Value) bool {
		act := p.acts[name]
		switch {
		case act == 0:
			return false
		case act&drop != 0:
			return true
		case act&shorten != 0 && !truncateIP(value):
			return true
		case act&encode != 0:
			p.hasher.replace(value)
		}
		return false
	})
}
