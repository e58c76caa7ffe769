package config

import "errors"

// Body says what the body of a record is.
type Body string

// The bodies that a record can have.
const (
	BodyOriginal    Body = "original"    // the entry as the API sent it, as a string
	BodyDescription Body = "description" // the readable text
	BodyMap         Body = "map"         // the entry as a map
	BodyNone        Body = "none"        // nothing
)

// Validate refuses another word.
func (b Body) Validate() error {
	return oneOf(string(b), string(BodyOriginal), string(BodyDescription), string(BodyMap), string(BodyNone))
}

// isEntry says whether such a body holds all that the entry says.
func (b Body) isEntry() bool { return b == BodyOriginal || b == BodyMap }

// validateBody finds a body that gives away what the attributes keep.
func (c *Config) validateBody() error {
	if !c.Privacy.on() || !c.Body.isEntry() || c.BodyUnredacted || c.Privacy.BodyUnredacted {
		return nil
	}
	return errors.New("privacy changes the attributes, but body is " + string(c.Body) + ", which holds the same values as they are: " +
		"set body to description or none, or privacy::body_unredacted to true to keep them in the body on purpose")
}
