package operate

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A router hands what it got at once to its routes in any order.
func TestRecordsStayInOrder(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, `- type: router
  routes:
    - {expr: 'attributes["count"] % 3 == 0', output: a}
    - {expr: 'attributes["count"] % 3 == 1', output: b}
  default: end
- {type: add, id: a, field: 'attributes["route"]', value: a, output: end}
- {type: add, id: b, field: 'attributes["route"]', value: b}
- {type: noop, id: end}`)
	logs := samples(100)
	want := counts(logs)
	after, err := p.Process(t.Context(), logs)
	require.NoError(t, err)
	assert.Equal(t, want, counts(after))
}

// Go's maps have another order every time; the same entry becomes the same record all the same.
func TestWhatIsAddedComesInTheSameOrder(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, `- {type: json_parser, parse_from: body}
- {type: json_parser, parse_from: body, parse_to: body}`)
	want := ""
	for range 20 {
		after, err := p.Process(t.Context(), samples(1))
		require.NoError(t, err)
		if want == "" {
			want = text(t, after)
		}
		require.Equal(t, want, text(t, after))
	}
	assert.Regexp(t, `"place".*"key":"big".*"key":"n".*"key":"type".*"key":"user"`, want, "what was there comes first")
}

func TestRecordsAreGroupedByWhatOperatorsMadeOfTheirResources(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, `- {type: add, field: 'resource["odd"]', value: 'EXPR(attributes["count"] % 2)'}
- {type: scope_name_parser, parse_from: 'attributes["user.id"]', if: 'attributes["count"] >= 5'}`)
	after, err := p.Process(t.Context(), samples(6))
	require.NoError(t, err)
	var got []string
	for _, resource := range after.ResourceLogs().All() {
		odd, _ := resource.Resource().Attributes().Get("odd")
		for _, scope := range resource.ScopeLogs().All() {
			var all []string
			for _, r := range scope.LogRecords().All() {
				count, _ := r.Attributes().Get("count")
				all = append(all, count.AsString())
			}
			got = append(got, fmt.Sprintf("%s %s %s: %s", odd.AsString(), scope.Scope().Name(), scope.Scope().Version(), strings.Join(all, " ")))
		}
	}
	assert.Equal(t, []string{
		"1 scope/receiver 1.2.3: 3", "1 auth0|1 : 5 7", // the version is not that of another scope
		"0 scope/receiver 1.2.3: 4", "0 auth0|1 : 6 8",
	}, got)
}

func TestAnotherScopeAloneIsAnotherGroup(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, `- {type: scope_name_parser, parse_from: 'attributes["user.id"]', if: 'attributes["count"] % 2 == 0'}`)
	after, err := p.Process(t.Context(), samples(4))
	require.NoError(t, err)
	require.Equal(t, 1, after.ResourceLogs().Len())
	require.Equal(t, 2, after.ResourceLogs().At(0).ScopeLogs().Len())
	assert.Equal(t, []string{"3", "5", "4", "6"}, counts(after))
}

func TestResourcesThatLookTheSameStayApart(t *testing.T) {
	t.Parallel()
	logs := samples(1)
	logs.ResourceLogs().At(0).CopyTo(logs.ResourceLogs().AppendEmpty())
	logs.ResourceLogs().At(0).SetSchemaUrl("https://example.com/1")
	want := text(t, logs)
	after, err := newPipeline(t, `- {type: noop}`).Process(t.Context(), logs)
	require.NoError(t, err)
	assert.Equal(t, want, text(t, after))
}

// A record may have an attribute of the name that carries the name of its event.
func TestAnAttributeNamedLikeTheEventStays(t *testing.T) {
	t.Parallel()
	logs := samples(1)
	r := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	r.Attributes().PutStr(eventName, "own")
	before := flat(logs)[0]
	after, err := newPipeline(t, `- {type: add, field: 'attributes["x"]', value: 1}`).Process(t.Context(), logs)
	require.NoError(t, err)
	assert.Equal(t, []string{"+ attributes x: Int 1"}, changes(before, flat(after)[0]))
}
