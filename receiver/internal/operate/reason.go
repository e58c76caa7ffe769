package operate

import "strings"

// The texts below are those of stanza v0.158.0. What it says beside them is replaced, because it quotes the record: a time
// that cannot be parsed, a pair without its delimiter.

// repeats tells whether a message only says that an operator further on has failed, which has said so itself.
func repeats(message string) bool {
	return message == "Failed to process entries" || message == "Failed to process batch"
}

// reason is why an operator could not work on a record, without anything of the record.
func reason(message string, err error) string {
	switch message {
	case "Running expressing returned an error", "Running expression returned an error": // filter; router
		return "expr fails"
	case "Failed to label entry": // router
		return "an expression in attributes fails"
	}
	text := err.Error()
	for _, known := range []struct{ part, reason string }{
		{"running if expr: ", "if fails"},
		{"evaluate value_expr: ", "the expression in value fails"},
		{"missing the expected parse_from field", "parse_from is not there"},
		{"does not have the expected parse_from field", "parse_from is not there"},
		{"parse_from field does not contain a string", "parse_from is no text"},
		{"from field does not exist", "from is not there"},       // copy
		{"remove: field does not exist", "field is not there"},   // remove, before move, which it ends with
		{"move: field does not exist", "from is not there"},      // move
		{"does not exist on entry", "field is not there"},        // assign_keys, flatten
		{"regex pattern does not match", "regex does not match"}, // regex_parser
		{"is not a map", "field is no map"},                      // flatten
		{"to []any", "field is no list"},                         // assign_keys
		{"while expected keys", "field has more or fewer values than keys"},
		{"header attribute", "header_attribute is not there"}, // csv_parser
		{"time parser: ", "the time does not follow layout"},
		{"parsing time ", "the time does not follow layout"}, // time_parser
		{"severity parser: ", "the severity is no number or text"},
		{"trace parser: ", "the id of the trace or span is not hexadecimal"},
		{"Error decoding traces", "the id of the trace or span is not hexadecimal"},
		{"cannot be", "the value is of a kind that it does not work on"}, // parsers, regex_replace, unquote
	} {
		if strings.Contains(text, known.part) {
			return known.reason
		}
	}
	return "it cannot work on the value"
}

// fate is what becomes of the record.
func fate(message, action string) string {
	switch {
	case action == "send":
		return " (handed on all the same)"
	case message == "Running expression returned an error": // the router tries the other routes
		return " (the route was not taken)"
	default:
		return " (left out)"
	}
}
