package sigma

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"

	"go.yaml.in/yaml/v3"
)

// Rule is one document of a rule file: a detection of single records, or a correlation of what other rules find.
type Rule struct {
	// File is where the rule stands.
	File string `yaml:"-"`

	Title          string    `yaml:"title"`
	ID             string    `yaml:"id"`
	Name           string    `yaml:"name"`
	Status         string    `yaml:"status"`
	Description    string    `yaml:"description"`
	License        string    `yaml:"license"`
	Author         string    `yaml:"author"`
	Date           string    `yaml:"date"`
	References     []string  `yaml:"references"`
	Related        []Related `yaml:"related"`
	Tags           []string  `yaml:"tags"`
	FalsePositives []string  `yaml:"falsepositives"`
	Fields         []string  `yaml:"fields"`
	Level          string    `yaml:"level"`

	LogSource   LogSource            `yaml:"logsource"`
	Detection   map[string]yaml.Node `yaml:"detection"`
	Correlation *Correlation         `yaml:"correlation"`

	matches func(Record) bool
}

// Related names another rule that this one has to do with.
type Related struct {
	ID   string `yaml:"id"`
	Type string `yaml:"type"`
}

// LogSource says whose records a detection is about. Service is a service.name, "" means all.
type LogSource struct {
	Product string `yaml:"product"`
	Service string `yaml:"service"`
}

// Product is the product of all records of the receiver.
const Product = "user_log"

// Rules are the documents of several files.
type Rules []*Rule

// Load reads all rule files of a folder. Its rules can be run: whatever they refer to is there.
func Load(folder fs.FS) (Rules, error) {
	files, err := fs.Glob(folder, "*.yml")
	if err != nil {
		return nil, err
	}
	var all Rules
	for _, file := range files {
		rules, err := read(folder, file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all = append(all, rules...)
	}
	if len(all) == 0 {
		return nil, errors.New("no rules")
	}
	return all, nil
}

// read reads a file; a correlation refers to rules of its own file only.
func read(folder fs.FS, file string) (Rules, error) {
	f, err := folder.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	decoder := yaml.NewDecoder(f)
	decoder.KnownFields(true)
	var rules Rules
	for {
		rule := &Rule{File: path.Base(file)}
		if err := decoder.Decode(rule); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		rules = append(rules, rule)
	}
	for _, rule := range rules {
		if err := rule.compile(rules); err != nil {
			return nil, fmt.Errorf("%s: %w", rule.Title, err)
		}
	}
	return rules, nil
}

func (r *Rule) compile(file Rules) (err error) {
	if r.Correlation != nil {
		return r.Correlation.compile(file)
	}
	r.matches, err = compileDetection(r.LogSource, r.Detection)
	return err
}

// Outermost are the rules that no other one refers to: those that alert.
func (rs Rules) Outermost() Rules {
	inner := map[*Rule]bool{}
	for _, r := range rs {
		if r.Correlation != nil {
			for _, other := range r.Correlation.from {
				inner[other] = true
			}
		}
	}
	var out Rules
	for _, r := range rs {
		if !inner[r] {
			out = append(out, r)
		}
	}
	return out
}
