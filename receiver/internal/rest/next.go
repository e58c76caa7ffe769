package rest

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// Next makes the request for the page that follows an answer, from its link of relation "next" (RFC 8288); it returns
// false if there is none. So a walk reads
//
//	for more := true; more; {
//		resp, err := client.Get(ctx, req)
//		…
//		req, more, err = client.Next(req, resp)
//		…
//	}
//
// Of the link only the query is taken, which is opaque and stays as it is; the rest of it must be what was asked for. A
// link that is refused, or that cannot be read, is an error of kind Unreadable: the walk has not come to its end.
//
// Next knows nothing of the links before. Whether a walk goes round in circles, or never ends, is the provider's to find
// out.
func (c *Client) Next(req Request, resp Response) (Request, bool, error) {
	query, found, err := c.nextQuery(req, resp)
	if err != nil {
		return Request{}, false, &source.Error{Kind: source.Unreadable, Op: req.Op, Err: err}
	}
	if !found {
		return Request{}, false, nil
	}
	req.Query, req.RawQuery = nil, query
	return req, true, nil
}

func (c *Client) nextQuery(req Request, resp Response) (query string, found bool, err error) {
	all, err := links(resp.Header)
	if err != nil {
		return "", false, err
	}
	for _, l := range all {
		if !l.is("next") {
			continue
		}
		to, err := c.accept(req, l.target)
		if err != nil {
			return "", false, err
		}
		if found && to != query {
			return "", false, errors.New("the answer has two next links that differ")
		}
		query, found = to, true
	}
	return query, found, nil
}

// accept returns the query of a link's target, if everything else in it is what was asked for.
func (c *Client) accept(req Request, target string) (string, error) {
	base, err := url.Parse(c.url(req))
	if err != nil {
		return "", errors.New("the path that was asked for cannot be read")
	}
	to, err := base.Parse(target)
	switch {
	case err != nil, strings.Contains(target, " "): // url lets spaces pass, at which the request line would end
		return "", errLink
	case to.User != nil:
		return "", errors.New("the next link carries a user name or a password, which is not sent on: does the address that the server knows itself by hold one?")
	case !SameOrigin(c.origin, to):
		return "", fmt.Errorf("the next link leads to another origin than the configured endpoint (%s): does the server know its own public address?", shownOrigin(to))
	case to.EscapedPath() != base.EscapedPath() && (req.LinkedAs == nil || !req.LinkedAs(to.EscapedPath())):
		return "", errors.New("the next link leads to another path than the one that was asked for: does a proxy change paths on the way to the server?")
	case holdsCredentials(to.RawQuery):
		return "", errors.New("the next link carries credentials in its query, which a URL is no place for: let the server leave them out of its links")
	}
	return to.RawQuery, nil
}

// shownOrigin is an origin as an error may show it.
func shownOrigin(u *url.URL) string {
	host := cmp.Or(shownHost(u.Host), "no host")
	switch scheme := strings.ToLower(u.Scheme); scheme {
	case "http", "https":
		return scheme + ", " + host
	}
	return "another scheme, " + host
}

// holdsCredentials tells whether a query has a parameter that is one (RFC 6750, 2.3; RFC 6749, 2.3.1, 4.3.2 and 6; RFC
// 7521, 4.2; and what else they are called in the wild).
func holdsCredentials(query string) bool {
	for parameter := range strings.FieldsFuncSeq(query, func(r rune) bool { return r == '&' || r == ';' }) {
		name, _, _ := strings.Cut(parameter, "=")
		if plain, err := url.QueryUnescape(name); err == nil {
			name = plain
		}
		switch strings.ToLower(name) {
		case "access_token", "refresh_token", "id_token", "client_secret", "client_assertion", "password",
			"token", "bearer_token", "authorization", "api_key", "apikey":
			return true
		}
	}
	return false
}
