package operate

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// operated is what becomes of the sample.
type operated struct {
	name, operators string
	want            [][]string // the changes of each record that came out; what is not named is as it was
	err             string
}

func checkAll(t *testing.T, tests []operated) {
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			before := flat(samples(1))[0]
			after, err := newPipeline(t, test.operators).Process(t.Context(), samples(1))
			if test.err == "" {
				require.NoError(t, err)
			} else {
				require.EqualError(t, err, test.err)
			}
			got := [][]string{}
			for _, record := range flat(after) {
				got = append(got, changes(before, record))
			}
			assert.Equal(t, test.want, got)
		})
	}
}
