package canvas

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	emulator "github.com/userlog/userlog-otel/internal/emulator/canvas"
	"github.com/userlog/userlog-otel/receiver/internal/source"
	"github.com/userlog/userlog-otel/receiver/internal/sourcetest"
)

// hiding leaves the events of accounts without a right out of the logs of users and logins.
func hiding(forbidden map[string]bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		body := answer.Body.Bytes()
		if answer.Code == http.StatusOK && !strings.Contains(r.URL.Path, "/accounts/") {
			var doc struct {
				Events []json.RawMessage `json:"events"`
			}
			shown := []json.RawMessage{}
			_ = json.Unmarshal(body, &doc)
			for _, event := range doc.Events {
				var e struct {
					Links struct {
						Account json.Number `json:"account"`
					} `json:"links"`
				}
				_ = json.NewDecoder(bytes.NewReader(event)).Decode(&e)
				if !forbidden[e.Links.Account.String()] {
					shown = append(shown, event)
				}
			}
			doc.Events = shown
			body, _ = json.Marshal(doc)
		}
		for name, values := range answer.Header() {
			if name != "Content-Length" {
				w.Header()[name] = values
			}
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(body)
	})
}

// rights is a run of six logs that overlap, in which rights come and go.
type rights struct {
	*world
	*rand.Rand
	forbidden map[string]bool
	published int
	got       map[string]int
}

var rightsLogs = []source.Subject{"users/3", "users/4", "accounts/1", "accounts/2", "logins/5", "logins/6"}

func newRights(t *testing.T, seed uint64) *rights {
	r := &rights{Rand: rand.New(rand.NewPCG(seed, 0)), forbidden: map[string]bool{}, got: map[string]int{}}
	logs := NewLogs(fixed{"3", "4"}, []string{"1", "2"}, []string{"5", "6"})
	_, err := logs.List(t.Context())
	require.NoError(t, err)
	r.world = newWorld(t, emulator.Options{}, logs, func(s *Settings) { s.PageSize = 2 + r.IntN(4) })
	r.s.Client = sourcetest.Client("canvas.example.edu", sourcetest.Transport(hiding(r.forbidden, r.Installation)))
	r.Provider = New(r.s)
	for account := range int64(2) {
		r.AddAccount(1+account, "Example")
	}
	for i := range int64(3) {
		r.AddUser(3+i, "Ada")
		r.AddLogin(5+i, 3+i, 1+i/2, "ada@example.edu")
	}
	r.begin(time.Hour, rightsLogs...)
	return r
}

// read reads a log for some batches at most; a right may be missing.
func (r *rights) read(s source.Subject, batches int) {
	for batch, err := range r.Read(r.Context(), s, r.cursors[s]) {
		if err != nil {
			require.Equal(r, source.Forbidden, source.KindOf(err), err)
			return
		}
		for _, e := range batch.Entries {
			r.got[e.(*entry).uid]++
		}
		r.cursors[s] = batch.Cursor
		if batches--; batches == 0 {
			return
		}
	}
}

// toggle takes or gives the right for an account. That it was missing is noticed: the account's log is read meanwhile.
func (r *rights) toggle(account string) {
	log := source.Subject("accounts/" + account)
	if r.forbidden[account] {
		r.read(log, math.MaxInt)
		r.SetStatus(string(log), 0)
	} else {
		r.SetStatus(string(log), http.StatusForbidden)
	}
	r.forbidden[account] = !r.forbidden[account]
}

func (r *rights) pass(d time.Duration) {
	time.Sleep(d)
	r.now = time.Now()
}

func (r *rights) step(toggles bool) {
	switch n := r.IntN(12); {
	case n < 4:
		for range 1 + r.IntN(6) {
			r.Publish(emulator.Event{
				ID: idOf(r.published), At: r.now.Add(-time.Duration(r.IntN(55)) * time.Second), Type: "login",
				User: int64(3 + r.IntN(3)), Login: int64(5 + r.IntN(3)), Account: int64(1 + r.IntN(2)),
			})
			r.published++
		}
	case n < 6:
		r.pass(time.Duration(r.IntN(70)) * time.Second)
	case n == 6 && toggles:
		r.toggle(fmt.Sprint(1 + r.IntN(2)))
	default:
		batches := math.MaxInt
		if r.IntN(3) == 0 {
			batches = 1 + r.IntN(3)
		}
		r.read(rightsLogs[r.IntN(len(rightsLogs))], batches)
	}
}

// end gives all rights, and reads all logs until nothing is new.
func (r *rights) end() {
	for account, missing := range r.forbidden {
		if missing {
			r.toggle(account)
		}
	}
	for range 3 {
		for _, s := range rightsLogs {
			r.read(s, math.MaxInt)
		}
		r.pass(2 * time.Minute)
	}
}

// In whatever order logs are read, given up and refused: every event comes, and if no right was missing, once.
func TestRightsThatComeAndGoHideNothingForEver(t *testing.T) {
	t.Parallel()
	for name, toggles := range map[string]bool{"all rights": false, "rights that come and go": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(rt *rapid.T) {
				seed := rapid.Uint64().Draw(rt, "seed")
				got, published := map[string]int{}, 0
				synctest.Test(t, func(t *testing.T) {
					r := newRights(t, seed)
					for range 80 {
						r.step(toggles)
					}
					r.end()
					got, published = r.got, r.published
				})
				for i := range published {
					switch n := got[idOf(i)]; {
					case n == 0:
						rt.Fatalf("event %d is lost", i)
					case n > 1 && !toggles:
						rt.Fatalf("event %d came %d times", i, n)
					}
				}
			})
		})
	}
}
