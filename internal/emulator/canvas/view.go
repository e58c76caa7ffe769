package canvas

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/userlog/userlog-otel/internal/emulator/cloud"
)

// view is how an answer shows things.
type view struct {
	shape     Shape
	zone      *time.Location
	stringIDs bool
}

// id is a number, or its digits for clients that cannot read 64 bits; 0 is null. Servers change the fields named id or
// …_id, and no others: the ids within links stay numbers (canvas-lms, Api.stringify_json_ids).
func (v view) id(n int64) any {
	if n != 0 && v.stringIDs {
		return strconv.FormatInt(n, 10)
	}
	return link(n)
}

// link is an id within links.
func link(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

// orNull is a text, or null for "".
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// event is a record as it is served. A page view that is gone is null in the event, too (canvas-lms,
// lib/api/v1/authentication_event.rb).
func (v view) event(r *record, known map[string]pageView) json.RawMessage {
	if r.raw != nil {
		return r.raw
	}
	// in_time_zone, without a fraction; UTC is Z.
	createdAt := time.Unix(r.second, 0).In(v.zone).Format(time.RFC3339)
	if v.shape == ShapeArray {
		return cloud.Encode(struct {
			CreatedAt   string `json:"created_at"`
			EventType   string `json:"event_type"`
			PseudonymID any    `json:"pseudonym_id"`
			AccountID   any    `json:"account_id"`
			UserID      any    `json:"user_id"`
		}{createdAt, r.Type, v.id(r.Login), v.id(r.Account), v.id(r.User)})
	}
	var shown any
	if _, ok := known[r.PageView]; ok {
		shown = r.PageView
	}
	type links struct {
		Login    any `json:"login"`
		Account  any `json:"account"`
		User     any `json:"user"`
		PageView any `json:"page_view"`
	}
	return cloud.Encode(struct {
		ID        string `json:"id,omitempty"`
		CreatedAt string `json:"created_at"`
		EventType string `json:"event_type"`
		Links     links  `json:"links"`
	}{r.ID, createdAt, r.Type, links{link(r.Login), link(r.Account), link(r.User), shown}})
}

// The elements of linked have the main fields of the objects of the Logins, Accounts, Users and Page Views APIs.

func (v view) login(id int64, l login) any {
	return struct {
		ID        any    `json:"id"`
		AccountID any    `json:"account_id"`
		UserID    any    `json:"user_id"`
		UniqueID  string `json:"unique_id"`
		SISUserID any    `json:"sis_user_id"`
	}{v.id(id), v.id(l.account), v.id(l.user), l.uniqueID, nil}
}

func (v view) account(id int64, name string) any {
	return struct {
		ID              any    `json:"id"`
		Name            string `json:"name"`
		ParentAccountID any    `json:"parent_account_id"`
		RootAccountID   any    `json:"root_account_id"`
		WorkflowState   string `json:"workflow_state"`
	}{ID: v.id(id), Name: name, WorkflowState: "active"}
}

func (v view) user(id int64, name string) any {
	return struct {
		ID           any    `json:"id"`
		Name         string `json:"name"`
		SortableName string `json:"sortable_name"`
		ShortName    string `json:"short_name"`
	}{v.id(id), name, name, name}
}

func (v view) pageView(id string, p pageView, user int64) any {
	return struct {
		ID          string         `json:"id"`
		URL         any            `json:"url"`
		HTTPMethod  string         `json:"http_method"`
		SessionID   any            `json:"session_id"`
		RemoteIP    any            `json:"remote_ip"`
		UserAgent   any            `json:"user_agent"`
		Contributed bool           `json:"contributed"`
		Links       map[string]any `json:"links"`
	}{
		ID: id, URL: orNull(p.url), HTTPMethod: "post", SessionID: orNull(p.sessionID), RemoteIP: orNull(p.remoteIP),
		UserAgent: orNull(p.userAgent), Links: map[string]any{"user": link(user)},
	}
}
