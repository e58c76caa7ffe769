package config

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
)

func TestAPasswordOfTheProxyIsPrintedNowhere(t *testing.T) {
	for key, own := range sources() {
		t.Run(key, func(t *testing.T) {
			own["token"] = "x"
			own["proxy_url"] = "http://user:" + secret + "@proxy.example:3128"
			c := NewDefault()
			require.NoError(t, confmap.NewFromStringMap(keys{key: own}).Unmarshal(c))
			require.NoError(t, confmap.Validate(c))
			assert.Contains(t, string(chosen(t, c).Client().ProxyURL), secret, "the client needs it")
			out := confmap.New()
			require.NoError(t, out.Marshal(c))
			assert.NotContains(t, fmt.Sprint(out.ToStringMap()), secret)
			assert.Contains(t, fmt.Sprint(out.ToStringMap()), "proxy.example:3128")
			for name, part := range secretParts(t, c) {
				assert.NotContains(t, fmt.Sprintf("%v %+v %#v", part, part, part), secret, name)
			}
		})
	}
}
