package otlp

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// recipes are the three ways in which a restart of either side costs nothing.
func recipes() []recipe {
	return []recipe{
		{"otlp_grpc", "user_log/auth0", "otlp_grpc"},                // a queue on disk
		{"otlp", "user_log/auth0", "otlp_http"},                     // a queue on disk
		{"auth0_tenant_otlp", "user_log/auth0_tenant", "otlp_http"}, // the receiver waits for the answer
	}
}

func TestInNormalRunningEverythingArrivesOnce(t *testing.T) {
	t.Parallel()
	for _, r := range recipes() {
		t.Run(r.example, func(t *testing.T) {
			t.Parallel()
			c := newChain(t, r)
			second := c.second()
			first := c.first()
			c.all(first)
			first.Stop()
			second.Stop()
			assert.Equal(t, c.want(), c.arrived())
		})
	}
}

func TestNothingIsLostWhicheverCollectorDies(t *testing.T) {
	t.Parallel()
	for _, r := range recipes() {
		t.Run(r.example, func(t *testing.T) {
			t.Parallel()
			c := newChain(t, r)
			first := c.first() // the other is not there yet
			second := c.second()
			c.more(first)
			second.Kill()
			c.publish(50)
			second = c.second()
			c.more(first)
			first.Kill()
			c.publish(50)
			first = c.first()
			c.more(first)
			second.Kill()
			c.publish(50)
			c.stuck(first)
			first.Kill() // with what it has read and could not send
			second = c.second()
			first = c.first()
			c.all(first)
			first.Stop()
			second.Stop()
		})
	}
}
