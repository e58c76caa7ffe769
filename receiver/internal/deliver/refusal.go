package deliver

import (
	"reflect"

	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
)

// permanent tells whether everyone who refused did so for good. Where several pipelines begin at the receiver their
// errors come joined, and as long as one of them may take the records later they are repeated.
func permanent(err error) bool {
	if !consumererror.IsPermanent(err) {
		return false
	}
	if reflect.TypeOf(err) == reflect.TypeOf(consumererror.NewPermanent(nil)) {
		return true // whatever it wraps
	}
	switch e := err.(type) { //nolint:errorlint // goes through the tree node by node
	case interface{ Unwrap() []error }:
		for _, one := range e.Unwrap() {
			if !permanent(one) {
				return false
			}
		}
	case interface{ Unwrap() error }:
		return permanent(e.Unwrap())
	}
	return true
}

// rest returns the records that are left to repeat where the consumer says which; the others it accepted. It says so
// for all pipelines only if the error is not several joined: what is left for one may be less than for another.
func rest(err error) (plog.Logs, bool) {
	for {
		switch e := err.(type) { //nolint:errorlint // goes through the tree node by node
		case consumererror.Logs:
			return e.Data(), e.Data().LogRecordCount() > 0 // a refusal of nothing says nothing
		case interface{ Unwrap() error }:
			err = e.Unwrap()
		case interface{ Unwrap() []error }:
			joined := e.Unwrap()
			if len(joined) != 1 {
				return plog.Logs{}, false
			}
			err = joined[0]
		default:
			return plog.Logs{}, false
		}
	}
}
