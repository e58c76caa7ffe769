package canvas

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/userlog/userlog-otel/internal/emulator/cloud"
)

// Installation is one emulated installation. Its methods, those of the embedded server among them, are safe for
// concurrent use. It has no token endpoint, so the server's methods about that one do nothing.
type Installation struct {
	*cloud.Server

	options Options
	tokens  *cloud.Tokens
	buckets *buckets
	store   store
}

// New returns an installation without users. Options are copied.
func New(o Options) *Installation {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.MaxPerPage <= 0 {
		o.MaxPerPage = DefaultMaxPerPage
	}
	o.LoginsPath = cmp.Or(o.LoginsPath, logins)
	o.LinkHeader = cmp.Or(o.LinkHeader, "Link")
	i := &Installation{
		options: o,
		tokens:  cloud.NewTokens(o.Tokens, nil),
		buckets: newBuckets(o.Bucket),
		store: store{logs: map[string]*eventLog{}, linked: directory{
			users: map[int64]string{}, logins: map[int64]login{}, accounts: map[int64]string{}, pageViews: map[string]pageView{},
		}},
	}
	i.Server = cloud.NewServer(cloud.Vendor{
		Now:       o.Now,
		Subject:   i.subjectOf,
		Remaining: remainingHeader,
		Answer:    http.HandlerFunc(i.answer),
	})
	return i
}

// answer applies the rate limit, checks the token, and answers. A throttled request costs nothing but its place in front.
func (i *Installation) answer(w http.ResponseWriter, r *http.Request) {
	authorization := r.Header.Get("Authorization")
	done, ok := i.buckets.enter(w.Header(), authorization, i.options.Now())
	defer done()
	if !ok {
		writeThrottled(w, i.buckets.settings.Status)
		return
	}
	switch i.tokens.Check(authorization, i.options.Now()) {
	case cloud.Accepted:
		i.serveLog(w, r)
	case cloud.Missing, cloud.Malformed:
		writeUnauthenticated(w, errNoToken)
	default:
		writeUnauthenticated(w, errBadToken)
	}
}

// serveLog answers the log of a user, a login or an account.
func (i *Installation) serveLog(w http.ResponseWriter, r *http.Request) {
	q, err := i.parseQuery(r.URL.Query())
	subject := i.subjectOf(r.URL.EscapedPath())
	if err != nil || subject == "" || r.Method != http.MethodGet {
		writeStatus(w, http.StatusNotFound)
		return
	}
	v := i.view(strings.Contains(r.Header.Get("Accept"), stringIDsType))
	body, next, status := i.page(subject, q, v, cloud.Origin(r))
	if status != http.StatusOK {
		writeStatus(w, status)
		return
	}
	setLink(w.Header(), i.options.LinkHeader, r, q.page, next, q.perPage)
	cloud.WriteBody(w, http.StatusOK, contentType, body)
}

// stringIDsType is the media type that asks for ids as strings (Canvas docs: "Changelog"; canvas-lms, spec of
// ApplicationController: "stringifying ids").
const stringIDsType = "application/json+canvas-string-ids"

func (i *Installation) view(stringIDs bool) view {
	return view{shape: i.options.Shape, zone: i.options.Zone, stringIDs: stringIDs || i.options.StringIDs}
}

// page is the body of a page, the page parameter of the next one, "" if there is none, and the status.
func (i *Installation) page(subject string, q query, v view, origin string) (body []byte, next string, status int) {
	i.store.mu.RLock()
	defer i.store.mu.RUnlock()
	l := i.store.logs[subject]
	if l == nil {
		return nil, "", http.StatusNotFound
	}
	if l.status != 0 {
		return nil, "", l.status
	}
	records, more := l.page(q.span, q.perPage)
	if more {
		last := records[len(records)-1]
		next = bookmark{last.second, last.number}.page(i.options.Bookmarks, i.options.Zone)
	}
	return i.body(records, v, origin), next, http.StatusOK
}

// body is the answer with these records. The lock of the store must be held.
func (i *Installation) body(records []*record, v view, origin string) []byte {
	var b bytes.Buffer
	events := make([]json.RawMessage, len(records))
	for n, r := range records {
		events[n] = v.event(r, i.store.linked.pageViews)
	}
	if v.shape == ShapeArray {
		cloud.WriteArray(&b, events)
		return b.Bytes()
	}
	b.WriteString(`{"links":{"events.login":null,"events.account":"` + origin +
		`/api/v1/accounts/{events.account}","events.user":null,"events.page_view":null},"events":`)
	cloud.WriteArray(&b, events)
	b.WriteString(`,"linked":`)
	b.Write(cloud.Encode(i.store.linked.linkedTo(records, v)))
	b.WriteByte('}')
	return b.Bytes()
}

// subjectOf is the subject whose log a path is, or "". Logins were called pseudonyms at first, in the path as well.
func (i *Installation) subjectOf(escapedPath string) string {
	rest, ok := strings.CutPrefix(escapedPath, "/api/v1/audit/authentication/")
	if !ok {
		return ""
	}
	kind, escaped, _ := strings.Cut(rest, "/")
	id, err := url.PathUnescape(escaped)
	if err != nil || id == "" || strings.Contains(escaped, "/") {
		return ""
	}
	switch kind {
	case users, accounts:
		return kind + "/" + id
	case i.options.LoginsPath:
		return logins + "/" + id
	default:
		return ""
	}
}
