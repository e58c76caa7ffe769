package config

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDefaultsOfKOBIL(t *testing.T) {
	configs, err := load(t, "../testdata/config/good/kobil_least.yaml")
	require.NoError(t, err)
	k := configs["user_log/ssms"].KOBIL
	assert.Equal(t, ProductSSMS, k.Product)
	assert.Empty(t, k.TenantID, "it is in the host")
	assert.Empty(t, k.Path, "the product's own")
	assert.EqualValues(t, 100, k.PageSize)
	assert.Equal(t, 30*time.Second, k.HTTP.Timeout, "a request does not last for ever")
	assert.Empty(t, k.TokenURL)
	assert.Empty(t, k.UsersFile)
	k = configs["user_log/shift"].KOBIL
	assert.Equal(t, ProductSHIFT, k.Product)
	assert.EqualValues(t, "acme", k.TenantID)
	assert.Empty(t, k.Users)
	assert.Equal(t, "users.txt", k.UsersFile)
}

func TestEveryKeyOfKOBILIsRead(t *testing.T) {
	configs, err := load(t, "../testdata/config/good/kobil_all_keys.yaml")
	require.NoError(t, err)
	c := configs["user_log/acme"]
	assert.EqualValues(t, 8, c.Concurrency)
	assert.Equal(t, map[string]Type{
		"13": {Name: "Device activated", Category: "account", Outcome: "success"},
		"22": {Severity: "WARN"},
	}, c.Types, "a code may stand without quotes")
	k := c.KOBIL
	assert.EqualValues(t, "https://idp.example.com:8443/", k.Endpoint)
	assert.Equal(t, ProductSHIFT, k.Product)
	assert.EqualValues(t, "acme", k.TenantID)
	assert.EqualValues(t, "/auth/realms/{tenantId}/v4_user/mail:{userName}/logs/", k.Path)
	assert.Nil(t, k.Token)
	assert.EqualValues(t, "reader", *k.ClientID)
	assert.EqualValues(t, secret, *k.ClientSecret)
	assert.EqualValues(t, "https://login.example.com/auth/realms/acme/protocol/openid-connect/token", k.TokenURL)
	assert.Equal(t, UserIDs{"jane", "+49301234567", "0042", "häß/li?ch#"}, k.Users)
	assert.Equal(t, "/etc/userlog/users", k.UsersFile)
	assert.EqualValues(t, 1000, k.PageSize)
	assert.Equal(t, 10*time.Second, k.HTTP.Timeout)
	assert.EqualValues(t, "http://proxy.example:3128", k.ProxyURL)
	assert.Equal(t, "1.3", k.HTTP.TLS.MinVersion)
}

// What YAML would read as another number, or as true, is the name that was written.
func TestNamesFromTheEnvironmentAreTakenAsWritten(t *testing.T) {
	configs, err := load(t, "../testdata/config/good/kobil_users.yaml")
	require.NoError(t, err)
	for id, want := range map[string]UserIDs{
		"list": {"jane", "+49301234567"}, "number": {"+49301234567"}, "numbers": {"+49301234567", "20261122"},
		"word": {"true"}, "yaml": {"jane", "joe"}, "file": nil,
	} {
		assert.Equal(t, want, configs["user_log/"+id].KOBIL.Users, id)
	}
}

func TestTenantID(t *testing.T) {
	for _, good := range []TenantID{"", "acme", "Acme-2", "acme.example", "...", "ä b", "a%2Fb"} {
		require.NoError(t, good.Validate(), string(good))
	}
	for _, bad := range []TenantID{"a/b", "/", "acme/", ".", "..", " ", "acme ", "a\x00b", "a\nb", "a\xff", "https://acme.example"} {
		require.Error(t, bad.Validate(), string(bad))
	}
}

func TestPathTemplate(t *testing.T) {
	for _, good := range []PathTemplate{
		"", "/{userName}", "/digitanium/v4/user/{userName}/logs", "/auth/realms/{tenantId}/v3_user/{userName}/logs",
		"/x/{userName}/", "/{tenantId}:{userName}@x", "/{tenantId}/{tenantId}/{userName}", "/.../.{userName}", "/a%20b/{userName}", "/%C3%BC/{userName}", "/a%2Fb/{userName}",
	} {
		require.NoError(t, good.Validate(), string(good))
	}
	for _, bad := range []PathTemplate{
		"{userName}", "/", "/x", "/{username}", "/{userName}{userName}", "/{userName", "/{{userName}}", "/{{userName}userName}", "/{}/{userName}",
		"/{userName}?", "/{userName}#", "/{userName}/..", "/./{userName}", "/%2e%2e/{userName}", "/.%2E/{userName}", "//{userName}", "/x//{userName}", "/{userName}//",
		"/% /{userName}", "/%2/{userName}", "/%zz/{userName}", "/a b/{userName}", "/a\u00a0b/{userName}", "/\x00/{userName}", "/{userName}\n", "/\xff/{userName}", " /{userName}",
		"https://acme.example/{userName}", "/ü/{userName}", "/\"{userName}", "/a\\b/{userName}", "/%{userName}",
	} {
		require.Error(t, bad.Validate(), string(bad))
	}
}

// Whatever template is accepted, and whatever user is put into it, the request stays on its host and in its path.
func FuzzPathTemplate(f *testing.F) {
	f.Add("/digitanium/v4/user/{userName}/logs", "jane/../../admin")
	f.Add("/auth/realms/{tenantId}/v3_user/{userName}/logs", "jane?x#y")
	f.Add("//evil.example/{userName}", "a")
	f.Add("/%2e%2e/.{userName}", ".")
	f.Add("/a;b=c/@{userName}:/", "%2e%2e")
	f.Fuzz(func(t *testing.T, template, user string) {
		if template == "" || PathTemplate(template).Validate() != nil || UserID(user).Validate() != nil {
			return
		}
		path := strings.NewReplacer(userNamePlace, url.PathEscape(user), tenantIDPlace, "acme").Replace(template)
		u, err := url.Parse("https://acme.example" + path)
		require.NoError(t, err)
		assert.Equal(t, "acme.example", u.Host)
		assert.Empty(t, u.RawQuery+u.Fragment)
		assert.Equal(t, strings.Count(template, "/"), strings.Count(u.EscapedPath(), "/"))
		assert.Equal(t, u.EscapedPath(), u.JoinPath().EscapedPath(), "nothing in it is cleaned away")
	})
}
