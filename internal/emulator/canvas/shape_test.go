package canvas

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
)

// campus has one event with everything that it links to, and ids that no float64 holds.
func campus(t *testing.T, o Options) rig {
	t.Helper()
	const shard = 210700000000000000
	r := start(t, o)
	r.AddUser(shard+3, "Ada <Adler>")
	r.AddAccount(shard+1, "Example University")
	r.AddLogin(shard+5, shard+3, shard+1, "ada@example.com")
	r.AddPageView("5e0c7a52-0d15-4b5a-8f0e-1f6a86f0c001", "203.0.113.7", "Mozilla/5.0", "", "https://campus.example.com/login")
	r.Publish(Event{
		ID: "2f7f6a2e-3a0e-4f0e-9c67-0d1f2b7c8a11", At: noon, Type: "login",
		User: shard + 3, Login: shard + 5, Account: shard + 1, PageView: "5e0c7a52-0d15-4b5a-8f0e-1f6a86f0c001",
	})
	return r
}

const campusUser = api + "users/210700000000000003"

func TestCompoundDocument(t *testing.T) {
	t.Parallel()
	assert.Equal(t, `{"links":{"events.login":null,"events.account":"https://campus.example.com/api/v1/accounts/{events.account}",`+
		`"events.user":null,"events.page_view":null},`+
		`"events":[{"id":"2f7f6a2e-3a0e-4f0e-9c67-0d1f2b7c8a11","created_at":"2026-03-01T12:00:00Z","event_type":"login",`+
		`"links":{"login":210700000000000005,"account":210700000000000001,"user":210700000000000003,"page_view":"5e0c7a52-0d15-4b5a-8f0e-1f6a86f0c001"}}],`+
		`"linked":{"logins":[{"id":210700000000000005,"account_id":210700000000000001,"user_id":210700000000000003,"unique_id":"ada@example.com","sis_user_id":null}],`+
		`"accounts":[{"id":210700000000000001,"name":"Example University","parent_account_id":null,"root_account_id":null,"workflow_state":"active"}],`+
		`"users":[{"id":210700000000000003,"name":"Ada <Adler>","sortable_name":"Ada <Adler>","short_name":"Ada <Adler>"}],`+
		`"page_views":[{"id":"5e0c7a52-0d15-4b5a-8f0e-1f6a86f0c001","url":"https://campus.example.com/login","http_method":"post","session_id":null,`+
		`"remote_ip":"203.0.113.7","user_agent":"Mozilla/5.0","contributed":false,"links":{"user":210700000000000003}}]}}`,
		campus(t, Options{}).get(campusUser).body)
}

func TestDocumentedArray(t *testing.T) {
	t.Parallel()
	assert.Equal(t, `[{"created_at":"2026-03-01T12:00:00Z","event_type":"login",`+
		`"pseudonym_id":210700000000000005,"account_id":210700000000000001,"user_id":210700000000000003}]`,
		campus(t, Options{Shape: ShapeArray}).get(campusUser).body)
	r := start(t, Options{Shape: ShapeArray})
	r.AddUser(3, "Ada")
	assert.Equal(t, `[]`, r.get(userLog).body)
}

// The ids within links stay numbers, since their names are not id: so a login and its link differ in type.
func TestStringIDsAreThoseOfFieldsNamedID(t *testing.T) {
	t.Parallel()
	asked := campus(t, Options{}).ask(campusUser, "Authorization", "Bearer any", "Accept", "application/json+canvas-string-ids, application/json")
	always := campus(t, Options{StringIDs: true}).get(campusUser)
	assert.Equal(t, always.body, asked.body)
	got := always.compound(t)
	assert.Equal(t, "210700000000000005", string(got.Events[0].Links["login"]))
	assert.Equal(t, "210700000000000005", got.Linked["logins"][0]["id"])
	assert.Equal(t, "210700000000000003", got.Linked["logins"][0]["user_id"])
	assert.Contains(t, campus(t, Options{StringIDs: true, Shape: ShapeArray}).get(campusUser).body, `"user_id":"210700000000000003"`)
}

func TestWhatIsGoneIsMissingFromLinked(t *testing.T) {
	t.Parallel()
	r := campus(t, Options{})
	r.Forget("page_views/5e0c7a52-0d15-4b5a-8f0e-1f6a86f0c001")
	got := r.get(campusUser).compound(t)
	assert.Empty(t, got.Linked["page_views"])
	assert.Equal(t, "null", string(got.Events[0].Links["page_view"]), "a page view that is gone is null in the event")

	r.Forget("users/210700000000000003")
	r.Forget("users/nobody")
	got = r.get(campusUser).compound(t)
	assert.Empty(t, got.Linked["users"])
	assert.Equal(t, "210700000000000003", string(got.Events[0].Links["user"]), "a user who is gone is not")
	assert.Len(t, got.Linked["accounts"], 1)

	r.Forget("logins/210700000000000005")
	got = r.get(campusUser).compound(t)
	assert.Empty(t, got.Linked["logins"])
	assert.Empty(t, got.Linked["accounts"], "accounts are found through the logins")
}

func TestForgottenAccountIsMissingAlone(t *testing.T) {
	t.Parallel()
	r := campus(t, Options{})
	r.Forget("accounts/210700000000000001")
	got := r.get(campusUser).compound(t)
	assert.Empty(t, got.Linked["accounts"])
	assert.Len(t, got.Linked["logins"], 1)
}

func TestNullAndUnknownReferences(t *testing.T) {
	t.Parallel()
	r := start(t, Options{})
	r.Publish(Event{At: noon, Type: "corrupted", User: 3, PageView: "never added"})
	got := r.get(userLog)
	assert.Contains(t, got.body, `"events":[{"created_at":"2026-03-01T12:00:00Z","event_type":"corrupted",`+
		`"links":{"login":null,"account":null,"user":3,"page_view":null}}],"linked":{"logins":[],"accounts":[],"users":[],"page_views":[]}}`)
}

func TestLinkedHasEachOnlyOnce(t *testing.T) {
	t.Parallel()
	r := start(t, Options{})
	r.AddUser(3, "Ada")
	r.AddAccount(1, "Example University")
	r.AddLogin(5, 3, 1, "ada@example.com")
	r.publish(1, 2, 3)
	got := r.get(userLog).compound(t)
	for kind, want := range map[string]int{"users": 1, "logins": 1, "accounts": 1, "page_views": 0} {
		assert.Len(t, got.Linked[kind], want, kind)
	}
}

func TestEntriesAreWhatIsServed(t *testing.T) {
	t.Parallel()
	for _, o := range []Options{{}, {Shape: ShapeArray, StringIDs: true}} {
		r := campus(t, o)
		entries := r.Entries("users/210700000000000003")
		assert.Len(t, entries, 1)
		assert.True(t, json.Valid(entries[0]))
		assert.Contains(t, r.get(campusUser).body, string(entries[0]))
	}
}
