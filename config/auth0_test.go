package config

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestATenantsLogHasNoOverlapUnlessItIsSet(t *testing.T) {
	configs, err := load(t, "../testdata/config/good/tenant.yaml")
	require.NoError(t, err)
	assert.Zero(t, configs["user_log/acme"].Overlap, "Auth0 keeps it in the order of arrival")
	assert.EqualValues(t, 2*time.Minute, configs["user_log/overlap"].Overlap)

	a := configs["user_log/acme"].Auth0
	assert.True(t, a.Tenant)
	assert.Equal(t, UserIDs{"auth0|1"}, a.Users)
	assert.Equal(t, "/etc/userlog/users", a.UsersFile)
	assert.Equal(t, TypeFilter{Include: TypeCodes{"s", "fp"}, Exclude: TypeCodes{"sapi"}}, a.Types)
	assert.Nil(t, a.Discover)
}
