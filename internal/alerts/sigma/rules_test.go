package sigma_test

import (
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEveryRuleThatAlertsHasAScenarioOrNeighbours(t *testing.T) {
	t.Parallel()
	tried := map[string]bool{"SMS bombing of a user": true} // in TestRulesTellNeighboursApart
	for _, list := range expected {
		for _, title := range list {
			tried[title] = true
		}
	}
	for _, rule := range load(t).Outermost() {
		assert.True(t, tried[rule.Title], "nothing shows what %s finds", rule.Title)
		delete(tried, rule.Title)
	}
	assert.Empty(t, tried, "no rules that alert")
}

func TestRulesAreToldApart(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, rule := range load(t) {
		assert.Empty(t, seen[rule.ID], "%s has the id of %s", rule.Title, seen[rule.ID])
		seen[rule.ID] = rule.Title
		for _, related := range rule.Related {
			assert.NotContains(t, seen, related.ID, rule.Title)
		}
	}
}

// Rules look at attributes that records have, and at types that the receiver knows.
func TestRulesSpeakOfWhatIsDocumented(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("../../../receiver/userlogreceiver/README.md")
	require.NoError(t, err)
	documented := map[string]bool{"body": true, "service.name": true, "service.instance.id": true}
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z0-9_.]+)` \\|").FindAllStringSubmatch(string(content), -1) {
		documented[row[1]] = true
	}
	words := map[string][]string{
		"user_log.category": {"login", "logout", "signup", "mfa", "token", "account", "admin", "protection", "system"},
		"user_log.outcome":  {"success", "failure"},
		"service.name":      {"auth0", "kobil", "canvas"},
	}
	for _, rule := range load(t) {
		for _, use := range rule.Uses() {
			name, modifiers, _ := strings.Cut(use.Field, "|")
			assert.True(t, documented[name], "%s: no record has %s", rule.Title, name)
			for _, value := range use.Values {
				switch {
				case modifiers != "":
				case name == "user_log.type":
					assert.True(t, documented[value], "%s: no entry has the type %s", rule.Title, value)
				case words[name] != nil:
					assert.Contains(t, words[name], value, rule.Title)
				}
			}
		}
	}
}

// A rule that follows one of Auth0's says so in itself and in NOTICE.
func TestRulesThatFollowOthersSaySo(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("../../../alerts/sigma/NOTICE")
	require.NoError(t, err)
	notice := string(content)
	const theirs = "https://github.com/auth0/auth0-customer-detections/blob/main/detections/"
	followed := map[string]bool{}
	for _, rule := range load(t) {
		names := 0
		for _, reference := range rule.References {
			if strings.HasPrefix(reference, theirs) {
				name := strings.TrimSuffix(path.Base(reference), ".yml")
				assert.Contains(t, notice, name, "%s follows it", rule.File)
				followed[name] = true
				names++
			}
		}
		assert.Len(t, rule.Related, names, "%s: as many related rules as references to Auth0's", rule.Title)
	}
	assert.Len(t, followed, strings.Count(notice, "\n- "), "NOTICE names what is followed, and no other")
}
