package cloud

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestRecordKeepsTheLastRequestsOnly(t *testing.T) {
	t.Parallel()
	var c recorder
	for i := range maxRequests + 3 {
		r := httptest.NewRequest(http.MethodGet, fmt.Sprintf("/%d", i), nil)
		c.begin(httptest.NewRecorder(), r, noon, "").WriteHeader(200 + i%7)
	}
	got := c.all()
	require.Len(t, got, maxRequests)
	assert.Equal(t, "/3", got[0].Path)
	assert.Equal(t, fmt.Sprintf("/%d", maxRequests+2), got[maxRequests-1].Path)
	assert.Equal(t, 200+(maxRequests+2)%7, got[maxRequests-1].Status)
}

func TestAnswerAfterAResetIsNotWrittenIntoAnotherRequest(t *testing.T) {
	t.Parallel()
	var c recorder
	old := c.begin(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/old", nil), noon, "")
	c.reset()
	c.begin(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/new", nil), noon, "")
	old.WriteHeader(http.StatusTeapot)
	got := c.all()
	require.Len(t, got, 1)
	assert.Equal(t, "/new", got[0].Path)
	assert.Zero(t, got[0].Status)
}

func TestRemainingIsCutToAWholeNumber(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]int{"": -1, "7": 7, "599.93": 599, "0.0": 0, "many": -1} {
		c := recorder{remaining: "X-Left"}
		w := c.begin(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil), noon, "")
		w.Header().Set("X-Left", header)
		_, err := w.Write(nil)
		require.NoError(t, err)
		assert.Equal(t, want, c.all()[0].Remaining, header)
	}
}
