package source

// KeepTexts gives subjects who were listed before the text that they had then. The engine holds that one for as long as it
// reads the log, and in a list of a hundred thousand of which one changed all would be there twice.
func KeepTexts(subjects, before []Subject) {
	texts := make(map[Subject]Subject, len(before))
	for _, subject := range before {
		texts[subject] = subject
	}
	for i, subject := range subjects {
		if text, ok := texts[subject]; ok {
			subjects[i] = text
		}
	}
}
