package canvas

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	emulator "github.com/userlog/userlog-otel/internal/emulator/canvas"
	"github.com/userlog/userlog-otel/receiver/internal/sourcetest"
)

// The dates of Canvas are cut to seconds, and its clock may be behind by what a difference is not noticed.
func TestEventsOfTheSecondInWhichReadingBeginsAreWanted(t *testing.T) {
	t.Parallel()
	for _, behind := range []time.Duration{0, 1100 * time.Millisecond, 1500 * time.Millisecond, time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			time.Sleep(300 * time.Millisecond) // into a second
			w := ofSchool(t, emulator.Options{}, nil)
			w.now = time.Now().Add(-behind)
			w.Publish(emulator.Event{ID: "before", At: w.now.Add(-10 * time.Second), Type: "login", User: 1, Account: 1})
			w.begin(0, school)
			time.Sleep(100 * time.Millisecond)
			w.now = time.Now().Add(-behind)
			w.Publish(emulator.Event{ID: "after", At: w.now, Type: "login", User: 1, Account: 1})
			assert.Equal(t, []string{"after"}, w.read(school), "%v behind", behind)
		})
	}
}

// dateless is a server that tells nothing of its clock.
func dateless(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		for name, values := range answer.Header() {
			if name != "Date" {
				w.Header()[name] = values
			}
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
}

// Nothing is late here; but the second in which a log is read goes on after that.
func TestWithoutAnOverlapTheSecondOfTheReadIsNotClosed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := ofSchool(t, emulator.Options{}, nil)
		w.s.Client, w.s.Overlap = sourcetest.Client("canvas.example.edu", sourcetest.Transport(dateless(w.Installation))), 0
		w.Provider = New(w.s)
		w.many(12, time.Now(), 0)
		time.Sleep(300 * time.Millisecond)
		w.begin(time.Hour, school)
		require.Len(t, w.read(school), 12)
		require.Empty(t, w.read(school))
		time.Sleep(300 * time.Millisecond)
		w.Publish(emulator.Event{ID: "same second", At: time.Now(), Type: "login", User: 1, Account: 1})
		assert.Equal(t, []string{"same second"}, w.read(school))
	})
}
