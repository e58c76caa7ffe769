package config

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
)

func TestBodyIsTheEntryUnlessItIsSet(t *testing.T) {
	configs, err := load(t, "../testdata/config/good/least.yaml")
	require.NoError(t, err)
	c := configs["user_log"]
	assert.Equal(t, BodyOriginal, c.Body)
	assert.False(t, c.BodyUnredacted)
	assert.True(t, c.GapRecords)

	configs, err = load(t, "../testdata/config/good/body.yaml")
	require.NoError(t, err)
	for id, want := range map[string]Body{
		"user_log/original": "original", "user_log/description": "description", "user_log/map": "map", "user_log/none": "none",
	} {
		assert.Equal(t, want, configs[id].Body)
	}
}

// A body that holds the entry would give away what the attributes keep, unless that is wanted.
func TestBodyWithTheEntryNeedsConsentUnderPrivacy(t *testing.T) {
	for name, privacy := range map[string]keys{
		"off":         {},
		"drop":        {"drop": []any{"user.name"}},
		"truncate_ip": {"truncate_ip": true},
		"hash":        {"hash": keys{"attributes": []any{"user.id"}, "key": secret}},
	} {
		for _, body := range []string{"original", "description", "map", "none"} {
			holdsEntry := body == "original" || body == "map"
			for _, consent := range []string{"", "beside privacy", "inside privacy"} {
				inside := keys{"body_unredacted": consent == "inside privacy"}
				for key, value := range privacy {
					inside[key] = value
				}
				c := NewDefault()
				require.NoError(t, confmap.NewFromStringMap(keys{
					"body": body, "body_unredacted": consent == "beside privacy", "privacy": inside, "auth0": sources()["auth0"],
				}).Unmarshal(c))
				err := confmap.Validate(c)
				if name != "off" && holdsEntry && consent == "" {
					assert.ErrorContains(t, err, "body is "+body, "%s, %s", name, body)
				} else {
					assert.NoError(t, err, "%s, %s, %s", name, body, consent)
				}
			}
		}
	}
}
