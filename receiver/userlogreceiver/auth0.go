package userlogreceiver

import (
	"context"
	"slices"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.uber.org/zap"

	"github.com/userlog/userlog-otel/config"
	"github.com/userlog/userlog-otel/receiver/internal/provider/auth0"
	"github.com/userlog/userlog-otel/receiver/internal/record"
	"github.com/userlog/userlog-otel/receiver/internal/rest"
	"github.com/userlog/userlog-otel/receiver/internal/source"
	"github.com/userlog/userlog-otel/receiver/internal/userlist"
)

func (r *userLogReceiver) auth0(ctx context.Context, host component.Host, observer *observer) (provided, error) {
	client, origin, err := r.api(ctx, host, observer, r.cfg.Auth0.Client())
	if err != nil {
		return provided{}, err
	}
	codes, err := auth0.DefaultCodes()
	if err != nil {
		return provided{}, err
	}
	p := provided{
		service:  auth0.Service,
		instance: hostOf(origin),
		whose:    func(s source.Subject) (string, string) { return "user.id", string(s) },
	}
	if r.cfg.Auth0.Tenant {
		r.auth0Tenant(&p, client, r.codes(codes))
		p.identity = []string{"auth0", "tenant", originOf(origin)}
	} else {
		r.auth0Users(&p, client, r.codes(codes))
		p.identity = []string{"auth0", "users", originOf(origin)}
	}
	return p, nil
}

// auth0Users is the reading of the logs of users.
func (r *userLogReceiver) auth0Users(p *provided, client *rest.Client, codes *record.Codes) {
	c := r.cfg.Auth0
	p.reader = auth0.New(auth0.Settings{
		Client:   client,
		Codes:    codes,
		PageSize: int(c.PageSize),
		Overlap:  time.Duration(r.cfg.Overlap),
		MaxHeld:  int(r.cfg.MaxResponseSize),
	})
	p.window = auth0.MaxResults
	if c.Discover == nil {
		p.lister = userlist.New(texts(c.Users), c.UsersFile)
		return
	}
	p.lister = auth0.NewDirectory(auth0.DirectorySettings{
		Client:     client,
		Query:      c.Discover.Query.Text(),
		Connection: c.Discover.Connection.Text(),
		LastLogin:  time.Duration(c.Discover.LastLogin),
		Now:        time.Now,
	})
	p.listInterval = time.Duration(c.Discover.Interval)
}

// auth0Tenant is the reading of the log of the tenant.
func (r *userLogReceiver) auth0Tenant(p *provided, client *rest.Client, codes *record.Codes) {
	c := r.cfg.Auth0
	var users source.Lister
	if len(c.Users) > 0 || c.UsersFile != "" {
		users = userlist.New(texts(c.Users), c.UsersFile)
	}
	if unknown := unknownTypes(codes, c.Types); len(unknown) > 0 {
		r.set.Logger.Warn("reading user logs: auth0::types names types that are not known: are they misspelt? What a filter leaves out is not read again",
			zap.Strings("types", unknown))
	}
	filter := auth0.NewFilter(texts(c.Types.Include), texts(c.Types.Exclude), users)
	p.reader = auth0.NewTenant(auth0.TenantSettings{
		Client:   client,
		Codes:    codes,
		PageSize: int(c.PageSize),
		Overlap:  time.Duration(r.cfg.Overlap),
		Filter:   filter,
	})
	p.lister = filter
}

// unknownTypes are the types of a filter that are not in the table. New ones appear all the time, so they are no error.
func unknownTypes(codes *record.Codes, filter config.TypeFilter) []string {
	known := codes.All()
	return slices.DeleteFunc(texts(slices.Concat(filter.Include, filter.Exclude)), func(code string) bool {
		_, ok := known[code]
		return ok
	})
}
