package auth0

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/userlog/userlog-otel/internal/emulator/cloud"
)

// logSort is the pattern of the sort parameter for log events (auth0 docs: API reference "Get user's log events"). log_id
// is not among the fields: it is the default order only.
var logSort = regexp.MustCompile(`^((date)|(connection)|(client_id)|(client_name)|(ip)|(user_id)|(user_name)|(description)|(user_agent)|(type)|(details)|(strategy)|(strategy_type))\:(1|-1)$`)

// ordering is how a list is sorted. The zero value is the default: log_id descending (measured on recordings of /logs;
// for the log of a user unverified).
type ordering struct {
	field     string
	ascending bool
}

// parseSort reads sort, which must match the pattern of the list.
func parseSort(q url.Values, pattern *regexp.Regexp) (ordering, *apiError) {
	s := q.Get("sort")
	if s == "" {
		return ordering{}, nil
	}
	if !pattern.MatchString(s) {
		bad := errQuery("String does not match pattern "+pattern.String()+": "+s, "sort",
			"Field to sort by. Use fieldname:1 for ascending order and fieldname:-1 for descending")
		return ordering{}, &bad
	}
	field, direction, _ := strings.Cut(s, ":")
	return ordering{field: field, ascending: direction == "1"}, nil
}

// list is the log in this order, and whether it is to be read from the end. For a field other than date it is sorted
// on each request: nobody polls by those.
func (o ordering) list(l *log) (entries []*entry, reversed bool) {
	switch o.field {
	case "":
		return l.byID, true
	case "date":
		return l.byDate, !o.ascending
	}
	return sortByField(l.byID, o.field), !o.ascending
}

func sortByField(entries []*entry, field string) []*entry {
	type keyed struct {
		key string
		e   *entry
	}
	keys := make([]keyed, len(entries))
	for i, e := range entries {
		var f map[string]json.RawMessage
		_ = json.Unmarshal(e.raw, &f) // an entry is a JSON object: parseEntry saw to it
		keys[i] = keyed{cloud.Text(f[field]), e}
	}
	slices.SortStableFunc(keys, func(a, b keyed) int { return strings.Compare(a.key, b.key) })
	out := make([]*entry, len(keys))
	for i, k := range keys {
		out[i] = k.e
	}
	return out
}

// cut copies the page p of a list, read from the end if reversed.
func cut[E any](list []E, reversed bool, p paging) []E {
	from, to := p.bounds(len(list))
	if !reversed {
		return slices.Clone(list[from:to])
	}
	out := make([]E, 0, to-from)
	for i := from; i < to; i++ {
		out = append(out, list[len(list)-1-i])
	}
	return out
}
