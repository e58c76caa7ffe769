package day

// act is a kind of scene and how often it is played, relative to the others.
type act struct {
	name   string
	weight int
	play   func(*scene)
	// hostile means that somebody is attacked in it, or blocked.
	hostile bool
}

// acts are all scenes. Successes by far outnumber failures, as they do in a tenant that nobody attacks.
func acts() []act {
	return []act{
		{"login", 300, (*scene).login, false},
		{"silent authentication", 160, (*scene).silent, false},
		{"refresh token", 120, (*scene).refresh, false},
		{"login with second factor", 80, (*scene).secondFactor, false},
		{"logout", 70, (*scene).logout, false},
		{"machine token", 60, (*scene).machineToken, false},
		{"wrong password, then right", 60, (*scene).mistyped, false},
		{"administration", 40, (*scene).administration, false},
		{"unknown user", 25, (*scene).unknownUser, false},
		{"sign-up", 20, (*scene).signUp, false},
		{"password change", 20, (*scene).passwordChange, false},
		{"unusual shape", 20, (*scene).unusual, false},
		{"second factor rejected", 10, (*scene).factorRejected, true},
		{"blocked account", 8, (*scene).blockedAccount, true},
		{"leaked password", 6, (*scene).leakedPassword, true},
		{"blocked address", 4, (*scene).blockedAddress, true},
	}
}
