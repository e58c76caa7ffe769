package config

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
)

func TestTry(t *testing.T) {
	require.NoError(t, componenttest.CheckConfigStruct(NewDefault()))
	for _, m := range []map[string]any{
		{"auth0": nil},
		{"auth0": map[string]any{}},
		{},
		{"auth0": map[string]any{"endpoint": "http://x", "token": nil, "page_size": 1000, "timeout": "1s", "users": []any{"a", ""}}, "collection_interval": "0s", "initial_lookback": 0, "max_response_size": "16MiB", "types": map[string]any{"fp": map[string]any{"severity": "BAD", "category": "x"}}},
		{"auth0": map[string]any{"endpoint": "https://x", "token": "SECRET", "users": []any{"a"}}, "kobil": 1},
		{"auth0": map[string]any{"endpoint": "https://x", "client_id": "x", "client_secret": "SECRET", "users": []any{"a"}, "tls": map[string]any{"insecure": true}}, "storage": "file_storage"},
	} {
		c := NewDefault()
		err := confmap.NewFromStringMap(m).Unmarshal(c)
		fmt.Println("----", m)
		fmt.Println("unmarshal:", err)
		fmt.Println("validate:", confmap.Validate(map[string]any{"receivers": map[string]any{"user_log/acme": c}}))
		fmt.Printf("%+v\n%#v\n%+v\n", c, c, c.Auth0)
		out := confmap.New()
		fmt.Println(out.Marshal(c), out.ToStringMap())
	}
}
