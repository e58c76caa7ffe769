package sourcetest

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/rest"
)

// maxResponse is far above what any check answers with.
const maxResponse = 16 << 20

// Client is a client whose requests go to a transport, as if that were the host: https and no limits.
func Client(host string, wire http.RoundTripper) *rest.Client {
	return rest.New(rest.Settings{
		HTTP:            &http.Client{Transport: wire},
		Origin:          &url.URL{Scheme: "https", Host: host},
		MaxResponseSize: maxResponse,
		Observer:        nobody{},
	})
}

// nobody observes nothing.
type nobody struct{}

func (nobody) Answered(context.Context, int, time.Duration, int) {}
func (nobody) Waited(context.Context, time.Duration)             {}
func (nobody) Throttled(context.Context, time.Duration)          {}
