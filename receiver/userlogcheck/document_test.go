package userlogcheck

import (
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
)

// Scripts rely on the names.
func TestEveryFieldAndCheckIsDocumented(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("../../docs/console.md")
	require.NoError(t, err)
	document := string(content)
	fields := fieldsOf(reflect.TypeFor[Report]())
	assert.Greater(t, len(fields), 25)
	for _, field := range fields {
		assert.Contains(t, document, "`"+field+"`")
	}
	_, url := tenant(t, auth0.Options{}, 1)
	report, _ := run(t, settings(acme(t, url, nil)))
	for _, c := range report.Receivers[0].Checks {
		assert.Contains(t, document, "| `"+c.Name+"` |")
	}
	for _, state := range []State{OK, Note, Fail, Unknown} {
		assert.Contains(t, document, "`"+string(state)+"`")
	}
}

// fieldsOf are the names of all fields in a document.
func fieldsOf(of reflect.Type) (names []string) {
	for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
		of = of.Elem()
	}
	if of.Kind() != reflect.Struct || of == reflect.TypeFor[time.Time]() {
		return nil
	}
	for i := range of.NumField() {
		field := of.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		names = append(append(names, name), fieldsOf(field.Type)...)
	}
	return names
}
