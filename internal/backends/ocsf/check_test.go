package ocsf

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// event is what the tests read of an event.
type event struct {
	ClassUID    int    `json:"class_uid"`
	CategoryUID int    `json:"category_uid"`
	ActivityID  int    `json:"activity_id"`
	Activity    string `json:"activity_name"`
	TypeUID     int    `json:"type_uid"`
	SeverityID  int    `json:"severity_id"`
	Time        int64  `json:"time"`
	Metadata    struct {
		Version   string `json:"version"`
		EventCode string `json:"event_code"`
		Product   struct {
			Name       string `json:"name"`
			VendorName string `json:"vendor_name"`
		} `json:"product"`
	} `json:"metadata"`
}

func read(t *testing.T, document []byte) (e event) {
	t.Helper()
	require.NoError(t, json.Unmarshal(document, &e), "%s", document)
	return e
}

// class is what OCSF 1.9.0 demands of a class: which activities there are, beside 0 and 99, which attributes must be there,
// and of which one at least. https://schema.ocsf.io/1.9.0/classes
type class struct {
	name       string
	activities int
	required   []string
	oneOf      []string
}

func classes() map[int]class {
	return map[int]class{
		0:    {name: "Base Event"},
		3002: {name: "Authentication", activities: 7, required: []string{"user"}, oneOf: []string{"service", "dst_endpoint"}},
		3004: {name: "Entity Management", activities: 4, required: []string{"entity"}},
		3007: {name: "User Management", activities: 17, required: []string{"user"}},
		6003: {name: "API Activity", activities: 4, required: []string{"actor", "api", "src_endpoint"}},
	}
}

// objects are the objects whose parts are demanded: of each, one at least.
func objects() map[string][]string {
	return map[string][]string{
		"user": {"uid", "name"}, "actor": {"user", "app_uid", "app_name"}, "service": {"name", "uid"}, "entity": {"name", "uid"},
		"src_endpoint": {"ip"}, "dst_endpoint": {"hostname"}, "api": {"operation"}, "session": {"uid"}, "http_request": {"user_agent"},
	}
}

// check checks an event by the rules of its class.
func check(t *testing.T, kind string, document []byte) {
	t.Helper()
	e := read(t, document)
	class, known := classes()[e.ClassUID]
	require.True(t, known, "%s has the class %d", kind, e.ClassUID)
	assert.Equal(t, e.ClassUID/1000, e.CategoryUID, kind)
	assert.Equal(t, e.ClassUID*100+e.ActivityID, e.TypeUID, kind)
	if e.ActivityID == 99 {
		assert.NotEmpty(t, e.Activity, "%s: an activity without a number has a name", kind)
	} else {
		assert.LessOrEqual(t, e.ActivityID, class.activities, "%s is a %s", kind, class.name)
	}
	assert.Contains(t, []int{1, 2, 3, 4, 5}, e.SeverityID, kind)
	assert.Greater(t, e.Time, int64(1_700_000_000_000), "%s: milliseconds", kind)
	assert.Equal(t, "1.9.0", e.Metadata.Version, kind)
	assert.NotEmpty(t, e.Metadata.Product.Name, kind)
	assert.NotEmpty(t, e.Metadata.Product.VendorName, kind)

	var all map[string]any
	require.NoError(t, json.Unmarshal(document, &all))
	for _, attribute := range class.required {
		assert.Contains(t, all, attribute, "%s is a %s", kind, class.name)
	}
	if len(class.oneOf) > 0 {
		assert.True(t, hasOne(all, class.oneOf), "%s has one of %v", kind, class.oneOf)
	}
	for name, parts := range objects() {
		if value, found := all[name]; found {
			object, _ := value.(map[string]any)
			assert.True(t, hasOne(object, parts), "%s: %s has one of %v", kind, name, parts)
		}
	}
	assert.Contains(t, all, "raw_data", kind)
}

func hasOne(object map[string]any, names []string) bool {
	for _, name := range names {
		if _, found := object[name]; found {
			return true
		}
	}
	return false
}
