package userlogcheck

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

const (
	// maxScopes and maxScope bound what is shown of the scopes: a server may write anything there. Auth0's Management API
	// has some 250.
	maxScopes = 300
	maxScope  = 100
)

// rights is what a token may do, as far as it is told.
type rights struct {
	told    bool
	scopes  []string
	expires time.Time // zero if it is not told
}

// or takes up what is not known yet. What the token endpoint says of a token comes before what is in it.
func (r rights) or(other rights) rights {
	if !r.told {
		r.told, r.scopes = other.told, other.scopes
	}
	if r.expires.IsZero() {
		r.expires = other.expires
	}
	return r
}

// rightsOfAnswer reads the answer of a token endpoint (RFC 6749, 5.1).
func rightsOfAnswer(body []byte, now time.Time) rights {
	var answer struct {
		Scope     *string `json:"scope"`
		ExpiresIn float64 `json:"expires_in"`
	}
	_ = json.Unmarshal(body, &answer) // what cannot be read says nothing
	var r rights
	if answer.Scope != nil {
		r.told, r.scopes = true, scopesOf(*answer.Scope)
	}
	if answer.ExpiresIn > 0 {
		r.expires = now.Add(time.Duration(min(answer.ExpiresIn, longestLife) * float64(time.Second)))
	}
	return r
}

// longestLife, in seconds, keeps times in what can be written: ten years.
const longestLife = 10 * 365 * 24 * 3600

// rightsOfToken reads what a token says of itself if it is a JWT (RFC 7519; its scopes: RFC 8693, 4.2; Auth0's, where an
// API has roles, in permissions). Its signature is not looked at: only who made it has to trust it.
func rightsOfToken(authorization string) rights {
	parts := strings.Split(strings.TrimPrefix(authorization, "Bearer "), ".")
	if len(parts) != 3 {
		return rights{}
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return rights{}
	}
	var claims struct {
		Scope       *string  `json:"scope"`
		Permissions []string `json:"permissions"`
		Expires     float64  `json:"exp"`
	}
	if json.Unmarshal(payload, &claims) != nil {
		return rights{}
	}
	var r rights
	if claims.Scope != nil {
		r.told, r.scopes = true, scopesOf(*claims.Scope)
	}
	if claims.Permissions != nil {
		r.told, r.scopes = true, union(r.scopes, scopesOf(strings.Join(claims.Permissions, " ")))
	}
	const year2200 = 7_258_118_400 // beyond it the number is no time in seconds
	if claims.Expires > 0 && claims.Expires < year2200 {
		r.expires = time.Unix(int64(claims.Expires), 0)
	}
	return r
}

// scopesOf are the words of a list that can be scopes (RFC 6749, 3.3).
func scopesOf(text string) []string {
	scopes := []string{}
	for word := range strings.FieldsSeq(text) {
		strange := func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '"' || r == '\\' }
		if len(scopes) < maxScopes && len(word) <= maxScope && !strings.ContainsFunc(word, strange) {
			scopes = append(scopes, word)
		}
	}
	return scopes
}

func union(a, b []string) []string {
	known := map[string]bool{}
	all := []string{}
	for _, word := range append(a, b...) {
		if !known[word] {
			known[word] = true
			all = append(all, word)
		}
	}
	return all
}
