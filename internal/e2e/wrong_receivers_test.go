//go:build e2e

package e2e

// edit replaces a text that stands once in a source file of the module.
type edit struct{ file, old, new string }

// wrongReceiver is a receiver with a fault that others have, and the test that has to find it.
type wrongReceiver struct {
	name  string
	edits []edit
	test  string
	// says is what the test says then: that it fails for another reason proves nothing.
	says string
	// short is set for those that are also built in the short form.
	short bool
}

// wrongReceivers are the product with one promise broken each. The source of a fault in the wild stands behind it, where
// one is known.
func wrongReceivers() []wrongReceiver {
	const (
		pollFile   = "receiver/internal/poll/poll.go"
		clientFile = "receiver/internal/rest/client.go"
	)
	const deliver = `		if err := p.handOn(ctx, subject, batch); err != nil {
			return t.fresh, false, err
		}
`
	return []wrongReceiver{
		{
			// opentelemetry-collector-contrib, receiver/sqlqueryreceiver (issue 49629).
			name: "stores the cursor before the delivery", short: true,
			edits: []edit{{pollFile, deliver, "\t\tif err := p.Checkpoints.Save(ctx, subject, batch.Cursor); err != nil {\n\t\t\treturn t.fresh, false, err\n\t\t}\n" + deliver}},
			test:  "TestKilledAtRandomMomentsNothingIsLost", says: "entries that never arrived",
		},
		{
			// opentelemetry-collector-contrib, receiver/mongodbatlasreceiver/events.go.
			name:  "goes on after a refused delivery",
			edits: []edit{{"receiver/internal/deliver/attempt.go", "a.s.Observer.Refused(ctx, err)\n", "a.s.Observer.Refused(ctx, err)\n\t\treturn nil\n"}},
			test:  "TestOnABadDayNothingIsLost", says: "entries that never arrived",
		},
		{
			name: "stops at the first known entry", short: true,
			edits: []edit{{
				"receiver/internal/provider/auth0/walk.go", "if _, ok := w.from.Seen[r.mark]; ok {\n",
				"if _, ok := w.from.Seen[r.mark]; ok {\n\t\t\tw.bottom = true\n\t\t\tbreak\n\t\t}\n\t\tif false {\n",
			}},
			test: "TestEachEntryArrivesExactlyOnceWhileOthersAreWritten", says: "entries that never arrived",
		},
		{
			name: "asks for what is newer than the newest",
			edits: []edit{{
				"receiver/internal/claim/claim.go", "c.Newest.Add(-overlap); floor", "c.Newest.Add(-0 * overlap); floor",
			}},
			test: "TestEachEntryArrivesExactlyOnceWhileOthersAreWritten", says: "entries that never arrived",
		},
		{
			name: "takes the last id of a tenant's log for settled",
			edits: []edit{{
				"receiver/internal/provider/auth0/tenant_take.go", "if !timed || c.s.Overlap == 0 {", "if !timed || c.s.Overlap >= 0 {",
			}},
			test: "TestEachEntryArrivesExactlyOnceWhileOthersAreWritten", says: "entries that never arrived",
		},
		{
			name:  "does not tell what a tenant deleted unread",
			edits: []edit{{"receiver/internal/provider/auth0/tenant_climb.go", "	c.tell(page.entries)\n", ""}},
			test:  "TestWhatATenantDeletedUnreadIsToldEverywhere/accepted_in_silence", says: "the status tells of the gap",
		},
		{
			name:  "lets operators see what privacy keeps out",
			edits: []edit{{"receiver/internal/deliver/build.go", "if d.s.Shape != nil {", "if d.s.Shape != nil && d.s.Operators == nil {"}},
			test:  "TestRecordsAreShapedBeforeTheyLeave", says: "user_log.description",
		},
		{
			name: "forgets what it delivered",
			edits: []edit{{
				"receiver/internal/claim/claim.go", "	maps.Copy(seen, accepted)\n", "",
			}},
			test: "TestEachEntryArrivesExactlyOnceWhileOthersAreWritten", says: "more repeats than allowed",
		},
		{
			name:  "forgets what it delivered when the floor of KOBIL rises",
			edits: []edit{{"receiver/internal/provider/kobil/position.go", "bool { return id <= floor })", "bool { return id > 0 })"}},
			test:  "TestEachEntryArrivesExactlyOnceWhileOthersAreWritten", says: "more repeats than allowed",
		},
		{
			name:  "does not wait for what KOBIL publishes late",
			edits: []edit{{"receiver/internal/provider/kobil/position.go", "case age >= overlap+dateStep:", "case age >= 0*overlap:"}},
			test:  "TestEachEntryArrivesExactlyOnceWhileOthersAreWritten", says: "entries that never arrived",
		},
		{
			name: "delivers an event of Canvas from each log in which it stands",
			edits: []edit{{
				"receiver/internal/provider/canvas/beside.go", "	if b == nil {\n		return false, false\n", "	if b == nil || b.p != nil {\n		return false, false\n",
			}},
			test: "TestEachEntryArrivesExactlyOnceWhileOthersAreWritten", says: "more repeats than allowed",
		},
		{
			// observIQ, receiver/oktareceiver/logs.go.
			name: "follows a next link to another host", short: true,
			edits: []edit{
				{"receiver/internal/rest/next.go", "case !SameOrigin(c.origin, to):", "case false:"},
				{"receiver/internal/rest/next.go", "return to.RawQuery, nil", "return to.String(), nil"},
				{clientFile, "client.Transport = GuardOrigin(s.Origin, s.HTTP.Transport)", "client.Transport = s.HTTP.Transport"},
				{clientFile, "func (c *Client) url(r Request) string {\n", "func (c *Client) url(r Request) string {\n\tif len(r.RawQuery) > 4 && r.RawQuery[:4] == \"http\" {\n\t\treturn r.RawQuery\n\t}\n"},
			},
			test: "TestCredentialsGoNowhereElse/next_link_to_another_host_and_port", says: "the other host was asked",
		},
		{
			// confighttp's client, as it is: it sends the headers that it was configured with on every hop.
			name: "follows redirects",
			edits: []edit{
				{clientFile, "client.Transport = GuardOrigin(s.Origin, s.HTTP.Transport)", "client.Transport = s.HTTP.Transport"},
				{clientFile, "return http.ErrUseLastResponse }", "return nil }"},
			},
			test: "TestCredentialsGoNowhereElse/redirect_to_another_host:_Found", says: "the other host was asked",
		},
		{
			name:  "tells the token in an error",
			edits: []edit{{clientFile, "refused := statusError(r.Op,", "refused := statusError(r.Op+resp.Request.Header.Get(\"Authorization\"),"}},
			test:  "TestCredentialsGoNowhereElse/an_error_echoes_the_token", says: "a secret is in stderr",
		},
		{
			// bindplane-otel-contrib, receiver/restapireceiver.
			name: "ignores Retry-After", short: true,
			edits: []edit{{"receiver/internal/rest/budget.go", "	if until := now.Add(asked); until.After(b.until) {\n		b.until = until\n	}\n", ""}},
			test:  "TestRetryAfterHoldsAllUsersOfTheSource", says: "within the pause",
		},
		{
			name:  "spends the reserve",
			edits: []edit{{"receiver/internal/rest/window.go", "-1 >= reserved(q.limit, reserve)", "-1 >= 0*reserved(q.limit, reserve)"}},
			test:  "TestTheReserveIsNeverSpent", says: "what is left to others",
		},
		{
			name:  "lets one bad log stop the others",
			edits: []edit{{"receiver/internal/schedule/failure.go", "err != nil && e.Kind == source.Unauthorized:", "err != nil && (e.Kind == source.Unauthorized || e.Kind == source.Gone):"}},
			test:  "TestABadLogDoesNotStopTheOthers", says: "the others' entries arrive",
		},
		{
			name:  "does not let the consumer finish at the end",
			edits: []edit{{"receiver/internal/deliver/deliver.go", "sleep(lingering, linger)\n", ""}},
			test:  "TestStoppedAtRandomMomentsNothingIsLostOrRepeated", says: "more repeats than allowed",
		},
	}
}
