package userlogreceiver

import (
	"cmp"
	"context"
	"time"

	"go.opentelemetry.io/collector/component"

	"github.com/userlog/userlog-otel/config"
	"github.com/userlog/userlog-otel/receiver/internal/provider/kobil"
	"github.com/userlog/userlog-otel/receiver/internal/record"
	"github.com/userlog/userlog-otel/receiver/internal/source"
	"github.com/userlog/userlog-otel/receiver/internal/userlist"
)

func (r *userLogReceiver) kobil(ctx context.Context, host component.Host, observer *observer) (provided, error) {
	c := r.cfg.KOBIL
	client, origin, err := r.api(ctx, host, observer, c.Client())
	if err != nil {
		return provided{}, err
	}
	product, identity := kobil.SSMS(), []string{"kobil", "ssms", originOf(origin)}
	if c.Product == config.ProductSHIFT {
		product, identity = kobil.SHIFT(), []string{"kobil", "shift", originOf(origin), string(c.TenantID)}
	}
	codes, err := record.NewCodes(kobil.Service, "") // no list of action codes is public
	if err != nil {
		return provided{}, err
	}
	return provided{
		reader: kobil.New(kobil.Settings{
			Client:   client,
			Codes:    r.codes(codes),
			Path:     cmp.Or(string(c.Path), product.Path),
			TenantID: string(c.TenantID),
			PageSize: int(c.PageSize),
			Overlap:  time.Duration(r.cfg.Overlap),
		}),
		lister:   userlist.New(texts(c.Users), c.UsersFile),
		service:  kobil.Service,
		instance: product.Instance(hostOf(origin), string(c.TenantID)),
		identity: identity,
		whose:    func(s source.Subject) (string, string) { return "user.name", string(s) },
	}, nil
}
