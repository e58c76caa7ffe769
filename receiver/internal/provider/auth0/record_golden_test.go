package auth0

import (
	"flag"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/recordtest"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// go test ./receiver/internal/provider/auth0 -run Golden -update writes what the code makes of the pages.
var update = flag.Bool("update", false, "write the golden files")

func TestGolden(t *testing.T) {
	recordtest.Golden(t, Service, *update, func(t *testing.T, _ string, body []byte) (list []source.Entry) {
		entries, err := decodePage(body, arrival, testCodes(t))
		require.NoError(t, err)
		for i := range entries {
			list = append(list, &entries[i])
		}
		return list
	})
}

func TestAttributesAreDocumented(t *testing.T) { recordtest.Documented(t, Service, "### Auth0") }
