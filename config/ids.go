package config

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-viper/mapstructure/v2"
)

// UserIDs is a list of user ids. As text, which is how it comes from an environment variable, it is separated by commas.
type UserIDs []UserID

// UnmarshalText reads ids separated by commas or line breaks.
func (u *UserIDs) UnmarshalText(text []byte) error {
	*u = split[UserID](text)
	return nil
}

func split[T ~string](text []byte) []T {
	var ids []T
	for id := range strings.FieldsFuncSeq(string(text), func(r rune) bool { return r == ',' || r == '\n' }) {
		ids = append(ids, T(strings.TrimSpace(id)))
	}
	return ids
}

// UserID is the id of a user as the API spells it, such as auth0|63d1c0ffee.
type UserID string

// Validate refuses the empty id, and what a server could take for a path.
func (u UserID) Validate() error {
	switch {
	case strings.TrimSpace(string(u)) == "":
		return errEmpty
	case strings.TrimSpace(string(u)) != string(u):
		return fmt.Errorf("%q begins or ends with a space: remove it", string(u))
	case u == "." || u == "..":
		return fmt.Errorf("%q would be a path, not an id", string(u))
	case strings.ContainsFunc(string(u), unicode.IsControl) || !utf8.ValidString(string(u)):
		return errors.New("holds a control character, or is not UTF-8")
	}
	return nil
}

// CanvasIDs is a list of ids of Canvas. As text it is separated by commas, as UserIDs is.
type CanvasIDs []CanvasID

// UnmarshalText reads ids separated by commas or line breaks.
func (c *CanvasIDs) UnmarshalText(text []byte) error {
	*c = split[CanvasID](text)
	return nil
}

// CanvasID is the id of a user, an account or a login of Canvas: its number, a word such as self, or another id that
// Canvas knows it by, such as sis_user_id:abc.
type CanvasID string

var _ mapstructure.Unmarshaler = (*CanvasID)(nil)

// UnmarshalMapstructure reads text, and, because Canvas shows its ids as numbers, a number without quotes. All 64 bits of
// it are kept. What YAML does to a number is done by then: 0012 is 10.
func (c *CanvasID) UnmarshalMapstructure(value any) error {
	v := reflect.ValueOf(value)
	switch v.Kind() {
	case reflect.String:
		*c = CanvasID(v.String())
	case reflect.Int, reflect.Int32, reflect.Int64:
		*c = CanvasID(strconv.FormatInt(v.Int(), 10))
	case reflect.Uint64:
		*c = CanvasID(strconv.FormatUint(v.Uint(), 10))
	case reflect.Float64:
		return errors.New("must be a whole number of at most 19 digits, or text")
	case reflect.Map:
		return errors.New("must be a number or text, not a block of keys: leave no space behind the colon, as in sis_user_id:abc")
	default:
		return fmt.Errorf("must be a number or text, not %s", word(v.Type()))
	}
	return nil
}

// Validate refuses what Canvas would not even look for (api_find_all and sis_parse_id in its lib/api.rb). A tilde stands
// between shard and number, as in the addresses that Canvas makes. Its message does not repeat the value, which may be a
// token by mistake.
func (c CanvasID) Validate() error {
	if err := UserID(c).Validate(); err != nil {
		return err
	}
	kind, value, named := strings.Cut(string(c), ":")
	shard, number, ofShard := strings.Cut(string(c), "~")
	switch {
	case c == "self" || c == "default" || c == "site_admin":
	case named && kind != "" && value != "":
	case isNumber(string(c)) || ofShard && isNumber(shard) && isNumber(number):
	default:
		return errors.New("is no id of Canvas: write its number, self, or an id with its kind, as in sis_user_id:abc or sis_login_id:jane")
	}
	return nil
}

// isNumber says whether text is a number of at most 64 bits without a sign, as Canvas takes it.
func isNumber(text string) bool {
	_, err := strconv.ParseUint(text, 10, 63)
	return err == nil
}
