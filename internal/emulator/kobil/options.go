package kobil

import (
	"time"

	"github.com/userlog/userlog-otel/internal/emulator/cloud"
)

// DefaultTokenLifetime is how long an issued token is valid unless [Options.TokenLifetime] says otherwise (KOBIL's guide
// to its IDP: tokens are "valid for every 300 seconds").
const DefaultTokenLifetime = 300 * time.Second

// DefaultPageSize is how many rows come if limit is not sent, unless [Options.DefaultLimit] says otherwise. The
// documentation names none; 10 is the limit in the reportingFilterUsed of its sample.
const DefaultPageSize = 10

// Product is one of the two products that offer the log of a user; they differ in the path.
type Product string

// The products of the documentation.
const (
	SSMS  Product = "ssms"  // GET https://{tenantId}.{hostname}/digitanium/v4/user/{userName}/logs
	SHIFT Product = "shift" // GET https://{hostname}/auth/realms/{tenantId}/v3_user/{userName}/logs
)

// Envelope is where an answer holds the rows and the flags about them.
type Envelope int

// The envelopes. The vendor's sample and the vendor's table contradict each other.
const (
	// EnvelopeSample is the one of the sample: data is an object that holds moreResultsAvailable, reportingFilterUsed
	// and the rows, as reportingInfoItems.
	EnvelopeSample Envelope = iota
	// EnvelopeDocumented is the one of the table: data is the array of rows, the flags stand beside it.
	EnvelopeDocumented
	// EnvelopeTopLevel has the rows as reportingInfoItems, which the table lists too, beside the flags and without data.
	EnvelopeTopLevel
)

// More is how far moreResultsAvailable can be trusted.
type More int

// What moreResultsAvailable says. The table calls it "defaults to true".
const (
	MoreHonest     More = iota // whether rows follow
	MoreAbsent                 // it is left out
	MoreAlwaysTrue             // true, also behind the last row
)

// Options describe an installation. The zero value is SSMS without limits that accepts every credential.
type Options struct {
	// Now is the installation's clock. It stamps the Date header and token lifetimes, so that a test can shift the server
	// against the client. Called concurrently. Default: time.Now.
	Now func() time.Time
	// Product decides the path of the log. Default: [SSMS].
	Product Product
	// TenantID is the realm, in the path of SHIFT's log and of the token endpoint. Default: "master", Keycloak's own.
	TenantID string
	// Path, if set, is the path of the log instead of the product's; {userName} and {tenantId} in it each stand for a
	// whole segment.
	Path string
	// Tokens are bearer tokens that are accepted and never expire, beside those that the token endpoint issues.
	Tokens []string
	// Clients are the secrets by client_id that the token endpoint knows. If Clients and Tokens are both empty, the
	// installation is open: every client gets a token and every bearer is accepted.
	Clients map[string]string
	// TokenLifetime is the expires_in of issued tokens. Default: [DefaultTokenLifetime].
	TokenLifetime time.Duration
	// DefaultLimit is how many rows come if limit is not sent. Default: [DefaultPageSize].
	DefaultLimit int
	// MaxLimit, if set, is how many rows come at most, whatever limit says; nothing tells the client.
	MaxLimit int
	// Envelope is the form of the answers.
	Envelope Envelope
	// More is what moreResultsAvailable says.
	More More
}

// Request is a request that the installation was asked; its User is the userName in the path.
type Request = cloud.Request
