package config

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPrivacyIsOffUnlessItIsSet(t *testing.T) {
	configs, err := load(t, "../testdata/config/good/least.yaml")
	require.NoError(t, err)
	p := configs["user_log"].Privacy
	assert.Equal(t, Privacy{}, p)
	assert.False(t, p.on())
}

func TestPrivacyIsRead(t *testing.T) {
	configs, err := load(t, "../testdata/config/good/privacy.yaml")
	require.NoError(t, err)
	p := configs["user_log/acme"].Privacy
	assert.True(t, p.on())
	assert.Equal(t, []Attribute{"user_agent.original", "user_log.gap.reason"}, p.Drop)
	assert.True(t, p.TruncateIP)
	assert.Len(t, p.Hash.Attributes, 8)
	assert.EqualValues(t, secret, *p.Hash.Key)
	off := configs["user_log/off"].Privacy
	assert.False(t, off.on())
	assert.EqualValues(t, "20261122", *configs["user_log/number"].Privacy.Hash.Key, "as it is in the environment")
}

func TestNoPartOfPrivacyPrintsItsKey(t *testing.T) {
	configs, err := load(t, "../testdata/config/good/privacy.yaml")
	require.NoError(t, err)
	p := configs["user_log/acme"].Privacy
	for name, part := range map[string]any{
		"privacy": &p, "privacy value": p, "hash": &p.Hash, "hash value": p.Hash, "key": p.Hash.Key, "key value": *p.Hash.Key,
	} {
		for how, text := range renderings(t, part) {
			assert.NotContains(t, text, secret, "%s of %s", how, name)
		}
	}
}

// attributeRow is a row of the README's tables: | `name` | field | type |.
var attributeRow = regexp.MustCompile("(?m)^\\| `([a-z0-9_.]+)` \\|")

// An attribute that is missing in the list could not be dropped, and one that no record has could be misspelt for one.
func TestAttributesAreThoseOfTheReadme(t *testing.T) {
	content, err := os.ReadFile("../receiver/userlogreceiver/README.md")
	require.NoError(t, err)
	_, section, found := strings.Cut(string(content), "\n## Attributes of a record\n")
	require.True(t, found)
	section, _, _ = strings.Cut(section, "\n## ")
	documented := map[string]bool{"user_log.gap.from": true, "user_log.gap.to": true, "user_log.gap.reason": true}
	for _, row := range attributeRow.FindAllStringSubmatch(section, -1) {
		documented[row[1]] = true
	}
	known := map[string]bool{}
	for name := range strings.FieldsSeq(attributes) {
		assert.False(t, known[name], "%s is there twice", name)
		known[name] = true
	}
	assert.Equal(t, documented, known)
}

func TestEveryAttributeMayBeNamed(t *testing.T) {
	for name := range strings.FieldsSeq(attributes) {
		assert.NoError(t, Attribute(name).Validate(), name)
	}
}

func TestMisspeltAttributesAreNotPassedOver(t *testing.T) {
	for name, want := range map[Attribute]string{
		"user.nam": "user.name", "user.names": "user.name", "user_name": "user.name", "USER.NAME": "user.name", "user .name": "user.name",
		"name": "user.name", "email": "user.email", "ja4": "auth0.ja4", "client.adress": "client.address", "user_log.typ": "user_log.type",
		"geo.location": "geo.location.lat", "canvas.pageview.id": "canvas.page_view.id", "cleint.address": "client.address",
	} {
		assert.EqualError(t, name.Validate(), `no record has an attribute "`+string(name)+`": did you mean "`+want+`"?`)
	}
	for _, name := range []Attribute{"ip", "x", "details.request.body", "service.name"} {
		assert.ErrorContains(t, name.Validate(), "the README of the receiver lists all")
	}
}

func TestDistance(t *testing.T) {
	for words, want := range map[[2]string]int{
		{"", ""}: 0, {"", "abc"}: 3, {"abc", ""}: 3, {"abc", "abc"}: 0, {"abc", "abd"}: 1, {"abc", "ac"}: 1, {"abc", "xabc"}: 1,
		{"kitten", "sitting"}: 3, {"flaw", "lawn"}: 2, {"ab", "ba"}: 2,
	} {
		assert.Equal(t, want, distance(words[0], words[1]), words)
	}
}
