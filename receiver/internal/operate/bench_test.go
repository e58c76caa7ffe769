package operate

import (
	"testing"

	"go.opentelemetry.io/collector/pdata/plog"
)

// A page of 100 records; the time is that of the page.
func BenchmarkProcess(b *testing.B) {
	for _, bench := range []struct{ name, operators string }{
		{"noop", `- type: noop`},
		{"add and move", `- {type: add, field: 'attributes["deployment"]', value: blue}
- {type: move, from: 'attributes["user.email"]', to: 'attributes["enduser.id"]'}`},
		{"filter and add if", `- {type: filter, expr: 'attributes["user_log.type"] == "f"'}
- {type: add, field: 'attributes["deployment"]', value: blue, if: 'attributes["user_log.type"] == "s"'}`},
		{"json_parser", `- {type: json_parser, parse_to: body}`},
	} {
		b.Run(bench.name, func(b *testing.B) {
			p := newPipeline(b, bench.operators)
			page := samples(100)
			b.ReportAllocs()
			for b.Loop() {
				logs := plog.NewLogs()
				page.CopyTo(logs)
				after, err := p.Process(b.Context(), logs)
				if err != nil || after.LogRecordCount() != 100 {
					b.Fatal(err, after.LogRecordCount())
				}
			}
		})
	}
}
