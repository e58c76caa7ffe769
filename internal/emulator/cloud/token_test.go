package cloud

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestHeadersAreJudged(t *testing.T) {
	t.Parallel()
	tokens := NewTokens([]string{"static"}, map[string]string{"c": "s"})
	issued := tokens.Issue(noon, time.Minute)
	for header, want := range map[string]Verdict{
		"":                 Missing,
		"Basic YTpi":       Malformed,
		"Bearer":           Malformed,
		"Bearer ":          Malformed,
		"Bearer static":    Accepted,
		"bearer static":    Accepted,
		"Bearer other":     Unknown,
		"Bearer " + issued: Accepted,
	} {
		assert.Equal(t, want, tokens.Check(header, noon), header)
	}
	assert.Equal(t, Accepted, tokens.Check("Bearer "+issued, noon.Add(time.Minute-1)))
	assert.Equal(t, Expired, tokens.Check("Bearer "+issued, noon.Add(time.Minute)))
}

func TestRevokedTokensAreExpiredAndStaticOnesStay(t *testing.T) {
	t.Parallel()
	tokens := NewTokens([]string{"static"}, map[string]string{"c": "s"})
	before := tokens.Issue(noon, time.Hour)
	tokens.Revoke()
	after := tokens.Issue(noon, time.Hour)
	assert.Equal(t, Expired, tokens.Check("Bearer "+before, noon))
	assert.Equal(t, Accepted, tokens.Check("Bearer "+after, noon))
	assert.Equal(t, Accepted, tokens.Check("Bearer static", noon))
}

func TestExpiredTokensAreForgottenWhenThereAreTooMany(t *testing.T) {
	t.Parallel()
	tokens := NewTokens(nil, map[string]string{"c": "s"})
	for range maxTokens {
		tokens.Issue(noon, time.Second)
	}
	tokens.Issue(noon.Add(time.Second), time.Second)
	assert.Len(t, tokens.issued, 1)
}

func TestClientsAreKnownByTheirSecrets(t *testing.T) {
	t.Parallel()
	tokens := NewTokens(nil, map[string]string{"c": "s"})
	assert.True(t, tokens.Authentic("c", "s"))
	assert.False(t, tokens.Authentic("c", "x"))
	assert.False(t, tokens.Authentic("x", "s"))
	assert.False(t, tokens.Authentic("", ""))
	assert.True(t, tokens.Knows("c"))
	assert.False(t, tokens.Knows("x"))
}

func TestWithoutTokensAndClientsEveryCredentialIsAccepted(t *testing.T) {
	t.Parallel()
	tokens := NewTokens(nil, nil)
	assert.True(t, tokens.Authentic("anybody", "anything"))
	assert.Equal(t, Accepted, tokens.Check("Bearer anything", noon))
	assert.Equal(t, Missing, tokens.Check("", noon))
	issued := tokens.Issue(noon, time.Second)
	assert.Equal(t, Expired, tokens.Check("Bearer "+issued, noon.Add(time.Second)), "an issued token has its time all the same")
}
