package main

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/userlog/userlog-otel/internal/emulator/kobil"
	kobilday "github.com/userlog/userlog-otel/internal/emulator/kobil/day"
	"github.com/userlog/userlog-otel/internal/emulator/scenario"
)

type kobilSettings struct {
	serving

	product       kobil.Product
	tenantID      string
	tokenLifetime time.Duration
	envelope      kobil.Envelope
	more          kobil.More
	maxLimit      int
}

func (s *kobilSettings) register(c *cobra.Command, listen string) {
	f := c.Flags()
	s.serving.register(c, "kobil-", "KOBIL", listen)
	s.product = kobil.SSMS
	f.Var(choice[kobil.Product]{&s.product, []string{"ssms", "shift"}, []kobil.Product{kobil.SSMS, kobil.SHIFT}},
		"kobil-product", "KOBIL's product, which decides the path of a log")
	f.StringVar(&s.tenantID, "kobil-tenant-id", "demo", "KOBIL's tenant: the realm in the path of shift and of the token endpoint")
	f.DurationVar(&s.tokenLifetime, "kobil-token-lifetime", kobil.DefaultTokenLifetime, "how long a token of KOBIL is valid")
	f.Var(choice[kobil.Envelope]{
		&s.envelope,
		[]string{"sample", "documented", "top-level"},
		[]kobil.Envelope{kobil.EnvelopeSample, kobil.EnvelopeDocumented, kobil.EnvelopeTopLevel},
	}, "kobil-envelope", "where an answer of KOBIL holds the entries: as in the vendor's sample, as in its table, or without data")
	f.Var(choice[kobil.More]{
		&s.more, []string{"honest", "absent", "always-true"}, []kobil.More{kobil.MoreHonest, kobil.MoreAbsent, kobil.MoreAlwaysTrue},
	}, "kobil-more", "what moreResultsAvailable of KOBIL says")
	f.IntVar(&s.maxLimit, "kobil-max-limit", 0, "entries that KOBIL gives at once, whatever is asked for; 0 for no limit")
}

func (s *kobilSettings) validate() error {
	return errors.Join(
		s.serving.validate(),
		refuse(s.tenantID == "" || strings.Contains(s.tenantID, "/"), "--kobil-tenant-id: must not be empty, nor hold a slash"),
		refuse(s.tokenLifetime < time.Second, "--kobil-token-lifetime: must be 1s or more"),
		refuse(s.maxLimit < 0, "--kobil-max-limit: must be 0 or more"),
	)
}

// paths are those of the token endpoint and of what lies before the name of a user.
func (s *kobilSettings) paths() (token, users string) {
	realm := "/auth/realms/" + url.PathEscape(s.tenantID)
	token = realm + "/protocol/openid-connect/token"
	if s.product == kobil.SHIFT {
		return token, realm + "/v3_user/"
	}
	return token, "/digitanium/v4/user/"
}

// openKOBIL fills an installation.
func openKOBIL(s *settings, now time.Time) (*cloud, error) {
	k := s.kobil
	installation := kobil.New(kobil.Options{
		Product: k.product, TenantID: k.tenantID, Clients: map[string]string{s.clientID: s.clientSecret},
		TokenLifetime: k.tokenLifetime, Envelope: k.envelope, More: k.more, MaxLimit: k.maxLimit,
	})
	d := kobilday.New(kobilday.Options{Seed: s.seed, Users: s.users})
	installation.AddUsers(d.Users()...)
	f, err := newFeed(d, func(e kobilday.Event) error {
		user, entry := d.Write(e)
		return installation.Publish(user, entry)
	}, s, func(p scenario.Play) []kobilday.Event { return p.KOBIL }, now)
	if err != nil {
		return nil, err
	}
	entries := 0
	for _, user := range d.Users() {
		entries += len(installation.Entries(user))
	}
	tokenPath, users := k.paths()
	return &cloud{
		name: "KOBIL", serving: &s.kobil.serving, handler: installation, life: f, rate: share * s.pace(),
		users: d.Users(), entries: entries,
		environment: func(base string) []string {
			return []string{
				"KOBIL_ENDPOINT=" + base, "KOBIL_PRODUCT=" + string(k.product), "KOBIL_TENANT_ID=" + k.tenantID,
				"KOBIL_TOKEN_URL=" + base + tokenPath, "KOBIL_CLIENT_ID=" + s.clientID, "KOBIL_CLIENT_SECRET=" + s.clientSecret,
			}
		},
		usersVariable: "KOBIL_USERS_FILE",
		try: func(base string) []string {
			return []string{
				fmt.Sprintf("%s -d grant_type=client_credentials -d client_id=%s -d client_secret=%s", base+tokenPath, s.clientID, s.clientSecret),
				fmt.Sprintf("'%s%s/logs?limit=5' -H 'Authorization: Bearer TOKEN'", base+users, d.Users()[0]),
			}
		},
	}, nil
}
