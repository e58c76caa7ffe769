package auth0

import (
	"net/url"
	"slices"
	"strings"
)

// fieldChoice says which members of an element are shown.
type fieldChoice struct {
	names   []string // none: all are
	exclude bool     // the others are
}

// parseFields reads fields, separated by commas, and include_fields (auth0 docs: API reference "List or search users").
func parseFields(q url.Values) (fieldChoice, *apiError) {
	var c fieldChoice
	if names := q.Get("fields"); names != "" {
		c.names = strings.Split(names, ",")
	}
	include, bad := boolParam(q, "include_fields", true, "Whether specified fields are to be included (true) or excluded (false)")
	c.exclude = !include
	return c, bad
}

// shows tells whether the member with the name is shown.
func (c fieldChoice) shows(name string) bool {
	return len(c.names) == 0 || slices.Contains(c.names, name) != c.exclude
}
