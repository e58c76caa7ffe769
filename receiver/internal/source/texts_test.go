package source

import (
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
)

func TestKeepTextsKeepsThoseThatWereThere(t *testing.T) {
	before := []Subject{Subject(strings.Clone("auth0|1")), Subject(strings.Clone("auth0|2"))}
	after := []Subject{Subject(strings.Clone("auth0|2")), "auth0|3", Subject(strings.Clone("auth0|1"))}
	KeepTexts(after, before)
	assert.Equal(t, []Subject{"auth0|2", "auth0|3", "auth0|1"}, after)
	same := func(a, b Subject) bool { return unsafe.StringData(string(a)) == unsafe.StringData(string(b)) }
	assert.True(t, same(before[1], after[0]))
	assert.True(t, same(before[0], after[2]))
}
