package follow

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
)

// ErrNotOTLP is the error of a line that is no ExportLogsServiceRequest in JSON.
var ErrNotOTLP = errors.New("not an OTLP JSON line")

// Printer prints log records, one a line. It is not safe for concurrent use.
type Printer struct {
	out    io.Writer
	colour bool
	zone   *time.Location
	count  int
}

// NewPrinter prints to out, times in zone, the severity in colour if asked for.
func NewPrinter(out io.Writer, zone *time.Location, colour bool) *Printer {
	return &Printer{out: out, zone: zone, colour: colour}
}

// Count is the number of records printed.
func (p *Printer) Count() int { return p.count }

// Line prints the records of one ExportLogsServiceRequest in JSON. It fails with [ErrNotOTLP] if the line is none, or if
// out cannot be written.
func (p *Printer) Line(line []byte) error {
	records, err := parse(line)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotOTLP, err)
	}
	for _, r := range records {
		if p.count == 0 {
			if err := p.print("TIME", "LEVEL", "EVENT", "NAME", "USER", "ADDRESS", "IN", "CLIENT"); err != nil {
				return err
			}
		}
		p.count++
		at := "-"
		if t := r.when(); !t.IsZero() {
			at = t.In(p.zone).Format("2006-01-02 15:04:05")
		}
		if err := p.print(at, r.severity(), r.EventName, r.attribute("user_log.name"), r.attribute("user.name", "user.id"),
			r.attribute("client.address"), r.attribute("geo.country.iso_code"), r.attribute("user_log.client.name")); err != nil {
			return err
		}
	}
	return nil
}

// print writes one row. Every cell passes clean: the values come from whoever tried to log in.
func (p *Printer) print(at, severity, event, name, user, address, country, client string) error {
	level := cell(severity, 5)
	if p.colour {
		level = paint(severity, level)
	}
	_, err := fmt.Fprintf(p.out, "%s  %s  %s  %s  %s  %s  %s  %s\n", cell(at, 19), level, cell(event, 22),
		cell(name, 34), cell(user, 34), cell(address, 24), cell(country, 2), strings.TrimRight(cell(client, 24), " "))
	return err
}

// cell is the value without control characters in exactly width runes: "-" if it is empty, cut with … if too long.
func cell(value string, width int) string {
	runes := []rune(clean(value))
	switch {
	case len(runes) == 0:
		runes = []rune{'-'}
	case len(runes) > width:
		runes = append(runes[:width-1], '…')
	}
	return string(runes) + strings.Repeat(" ", width-len(runes))
}

// clean drops everything that does not print: control characters, escape sequences' introducers, line ends of all
// kinds, and the marks that turn the direction of text. So no value can forge a line or drive the terminal.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, strings.ToValidUTF8(s, ""))
}

// paint colours text by severity (ECMA-48 SGR: 31 red, 33 yellow, 32 green, 0 reset).
func paint(severity, text string) string {
	colour := ""
	switch {
	case strings.HasPrefix(severity, "ERROR"), strings.HasPrefix(severity, "FATAL"):
		colour = "31"
	case strings.HasPrefix(severity, "WARN"):
		colour = "33"
	case strings.HasPrefix(severity, "INFO"):
		colour = "32"
	default:
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}
