package auth0

// criteria is what the emulator understands of q for log events: the log of one user, and a range of dates.
type criteria struct {
	user string
	date span
}

// parseSearch reads q: user_id:"…" and date:[a TO b], joined by AND. Everything else is refused with a message that
// says so; the real search knows more.
func parseSearch(q string) (criteria, *apiError) {
	const known = `user_id:"..." and date:[a TO b]`
	var c criteria
	terms, bad := parseTerms(q, known)
	for _, t := range terms {
		switch {
		case t.field == "user_id" && t.span == nil:
			c.user = t.text
		case t.field == "date" && t.span != nil:
			c.date = *t.span
		default:
			return c, errSearch(t.sent, known)
		}
	}
	return c, bad
}
