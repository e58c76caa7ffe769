package ocsf

import (
	"encoding/json"
	"slices"
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
		Tenant    string `json:"tenant_uid"`
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

// class is what OCSF 1.9.0 says of a class: how many activities there are beside 0 and 99, which attributes there must be,
// and which there may be of those that the example knows. https://schema.ocsf.io/1.9.0/classes
type class struct {
	name       string
	activities int
	required   []string
	allowed    []string
}

func classes() map[int]class {
	return map[int]class{
		0: {name: "Base Event"},
		// One of service and dst_endpoint is required; the example sets the first.
		3002: {"Authentication", 7, []string{"user", "service"}, []string{"actor", "http_request", "src_endpoint", "dst_endpoint", "session", "is_mfa"}},
		3004: {"Entity Management", 4, []string{"entity"}, []string{"actor", "http_request", "src_endpoint"}},
		3007: {"User Management", 17, []string{"user"}, []string{"actor", "http_request", "src_endpoint"}},
		6003: {"API Activity", 4, []string{"actor", "api", "src_endpoint"}, []string{"http_request", "dst_endpoint"}},
	}
}

// base are the attributes that every class may have; the first eight are required.
func base() []string {
	return []string{
		"activity_id", "category_uid", "class_uid", "metadata", "severity_id", "time", "type_uid", "raw_data",
		"activity_name", "message", "status_id", "status_detail", "unmapped",
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
	for _, attribute := range append(base()[:8], class.required...) {
		assert.Contains(t, all, attribute, "%s is a %s", kind, class.name)
	}
	for attribute := range all {
		assert.Contains(t, slices.Concat(base(), class.required, class.allowed), attribute, "%s is a %s", kind, class.name)
	}
	for name, parts := range objects() {
		if value, found := all[name]; found {
			object, _ := value.(map[string]any)
			assert.True(t, hasOne(object, parts), "%s: %s has one of %v", kind, name, parts)
		}
	}
}

func hasOne(object map[string]any, names []string) bool {
	for _, name := range names {
		if _, found := object[name]; found {
			return true
		}
	}
	return false
}
