package source

import "weak"

// ListIdentity tells a list that a Lister gives out again from another one, without keeping it.
type ListIdentity struct {
	first weak.Pointer[Subject]
	n     int
}

// IdentityOf returns the identity of a list; all lists without subjects have the same.
func IdentityOf(list []Subject) ListIdentity {
	if len(list) == 0 {
		return ListIdentity{}
	}
	return ListIdentity{first: weak.Make(&list[0]), n: len(list)}
}
