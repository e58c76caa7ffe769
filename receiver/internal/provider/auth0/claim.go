package auth0

import (
	"encoding/json"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// maxSeen bounds the marks of a cursor: twice what can be met again by paging.
const maxSeen = 2 * MaxResults

// cursorOf writes a claim as text.
func cursorOf(c claim.Claim) source.Cursor {
	text, _ := json.Marshal(c.Text()) // of numbers and plain text: cannot fail
	return source.Cursor(text)
}

func parseCursor(text source.Cursor) (claim.Claim, error) {
	var t claim.Text
	if err := json.Unmarshal([]byte(text), &t); err != nil {
		return claim.Claim{}, claim.ErrUnreadable
	}
	return t.Claim()
}
