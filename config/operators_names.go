package config

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/checker"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/types"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/entry"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/helper"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/transformer/router"
	"go.opentelemetry.io/collector/confmap"
)

// expressions are the keys of all types of operators that stanza v0.158.0 reads expressions from.
type expressions struct {
	If     string                `mapstructure:"if"`     // of all but filter and router
	Expr   string                `mapstructure:"expr"`   // of filter
	Value  any                   `mapstructure:"value"`  // of add
	Routes []*router.RouteConfig `mapstructure:"routes"` // of router
}

// unknownNames finds the names in expressions that no record has. Stanza takes them for nil, so that a filter would leave
// every record out, or none.
func (o Operator) unknownNames() []string {
	var e expressions
	if err := o.conf.Unmarshal(&e, confmap.WithIgnoreUnused()); err != nil {
		return fieldFaults(err)
	}
	wrong := slices.Concat(unknownName("if", e.If), unknownName("expr", e.Expr))
	if value, ok := e.Value.(string); ok {
		wrong = append(wrong, unknownName("value", wholeExpression(value))...)
	}
	for i, route := range e.Routes {
		path := fmt.Sprintf("routes::%d::", i)
		wrong = append(wrong, unknownName(path+"expr", route.Expression)...)
		for _, key := range slices.Sorted(maps.Keys(route.Attributes)) {
			for _, text := range embeddedExpressions(route.Attributes[key]) {
				wrong = append(wrong, unknownName(path+"attributes::"+key, text)...)
			}
		}
	}
	return wrong
}

// wholeExpression is what stands in EXPR(…); empty if value is a plain text, as it is for add with anything around that.
func wholeExpression(value string) string {
	if inner, ok := strings.CutPrefix(value, "EXPR("); ok {
		if text, ok := strings.CutSuffix(inner, ")"); ok {
			return text
		}
	}
	return ""
}

// embeddedExpressions are what stands in each EXPR(…) of a text. Building the operator tells what cannot be compiled.
func embeddedExpressions(text helper.ExprStringConfig) []string {
	built, err := text.Build()
	if err != nil {
		return nil
	}
	found := make([]string, len(built.SubExprs))
	for i, program := range built.SubExprs {
		found[i] = program.Source().String()
	}
	return found
}

// unknownName checks an expression once more, without stanza's leave to use any name, and tells the first that there is
// not. Building the operator tells what else is wrong.
func unknownName(path, text string) []string {
	config := conf.New(knownNames())
	tree, err := parser.ParseWithConfig(text, config)
	if err != nil {
		return nil
	}
	ast.Walk(&tree.Node, envCalls{}) // as an option of expr.Compile it would keep the arguments of a call from being checked
	_, err = checker.Check(tree, config)
	var e *file.Error
	if !errors.As(err, &e) || !strings.HasPrefix(e.Message, "unknown name ") { // expr has no error of its own for it
		return nil
	}
	return []string{path + ": " + e.Message + `: the names are attributes, as in attributes["user_log.type"], body, resource and ` +
		"timestamp; a text stands in quotes"}
}

// envFunction is what stanza calls for env, as in env("HOME").
const envFunction = "os_env_func"

// knownNames are what stanza runs expressions with. What the values are only a record shows, but for the function: expr
// reads over the arguments of what may be none.
func knownNames() types.Map {
	env := helper.GetExprEnv(&entry.Entry{})
	defer helper.PutExprEnv(env)
	names := types.Map{}
	for name := range env {
		names[name] = types.Any
	}
	names[envFunction] = types.TypeOf(env[envFunction])
	return names
}

// envCalls puts stanza's name for env where it is called, as stanza does. Anywhere else, env is no name.
type envCalls struct{}

// Visit implements ast.Visitor.
func (envCalls) Visit(node *ast.Node) {
	if call, ok := (*node).(*ast.CallNode); ok {
		if callee, ok := call.Callee.(*ast.IdentifierNode); ok && callee.Value == "env" {
			callee.Value = envFunction
		}
	}
}
