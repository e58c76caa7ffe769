package auth0

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestSearchIsWrittenAsAuth0ReadsIt(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 2, 16, 4, 5, 6e6, time.FixedZone("", 3600))
	for want, search := range map[string]userSearch{
		"":                        {},
		`(email.domain:"a" OR b)`: {query: `email.domain:"a" OR b`},
		`identities.connection:"my \"own\" \\ one"`:        {connection: `my "own" \ one`},
		"last_login:[2026-01-02T15:04:05.006Z TO *]":       {active: at},
		"created_at:[2026-01-02T15:04:05.006Z TO *]":       {from: createdFrom{at: at}},
		"created_at:{2026-01-02T15:04:05.006Z TO *]":       {from: createdFrom{at: at, after: true}},
		"created_at:{2026-01-02T15:04:05.006000007Z TO *]": {from: createdFrom{at: at.Add(7), after: true}},
		`(blocked:true) AND identities.connection:"c" AND last_login:[2026-01-02T15:04:05.006Z TO *] AND created_at:[2026-01-02T15:05:05.006Z TO *]`: {
			query: "blocked:true", connection: "c", active: at, from: createdFrom{at: at.Add(time.Minute)},
		},
	} {
		assert.Equal(t, want, search.text())
	}
}
