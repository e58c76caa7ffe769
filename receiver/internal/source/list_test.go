package source

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestIdentityIsOfOneListAndNotOfItsContent(t *testing.T) {
	t.Parallel()
	list := []Subject{"a", "b"}
	again := list
	assert.Equal(t, IdentityOf(list), IdentityOf(again))
	assert.NotEqual(t, IdentityOf(list), IdentityOf(slices.Clone(list)))
	assert.NotEqual(t, IdentityOf(list), IdentityOf(list[:1]))
	assert.Equal(t, IdentityOf(nil), IdentityOf([]Subject{}))
}
