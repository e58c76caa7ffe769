package day

// act is a kind of scene and how often it is played, relative to the others.
type act struct {
	name   string
	weight int
	play   func(*scene)
}

// acts are all scenes. Successes by far outnumber failures, as they do in a tenant that nobody attacks.
func acts() []act {
	return []act{
		{"login", 300, (*scene).login},
		{"silent authentication", 160, (*scene).silent},
		{"refresh token", 120, (*scene).refresh},
		{"login with second factor", 80, (*scene).secondFactor},
		{"logout", 70, (*scene).logout},
		{"machine token", 60, (*scene).machineToken},
		{"wrong password, then right", 60, (*scene).mistyped},
		{"administration", 40, (*scene).administration},
		{"unknown user", 25, (*scene).unknownUser},
		{"sign-up", 20, (*scene).signUp},
		{"password change", 20, (*scene).passwordChange},
		{"unusual shape", 20, (*scene).unusual},
		{"second factor rejected", 10, (*scene).factorRejected},
		{"blocked account", 8, (*scene).blockedAccount},
		{"leaked password", 6, (*scene).leakedPassword},
		{"blocked address", 4, (*scene).blockedAddress},
	}
}
