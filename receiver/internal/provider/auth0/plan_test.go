package auth0

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPagesOverlapAndReachTheEndOfTheWindow(t *testing.T) {
	t.Parallel()
	for perPage := 1; perPage <= 100; perPage++ {
		read, requests := perPage, 1
		for {
			s, ok := nextSpan(read, perPage)
			if !ok {
				break
			}
			require.LessOrEqual(t, s.perPage, perPage)
			require.LessOrEqual(t, s.end(), MaxResults, "the API answers 400 beyond")
			require.Greater(t, s.end(), read, "every page brings something")
			require.LessOrEqual(t, s.start(), read, "no row is left out")
			if perPage >= 9 {
				require.Less(t, s.start(), read, "every page shares a row with the one before")
			}
			read = s.end()
			requests++
		}
		assert.Equal(t, MaxResults, read, "page size %d", perPage)
		if perPage == 100 {
			assert.Equal(t, 11, requests, "one more than without overlap")
		}
	}
}
