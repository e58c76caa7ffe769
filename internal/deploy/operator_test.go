package deploy

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// collectorResource is the part of the operator's OpenTelemetryCollector that deploy/operator uses, with the names of
// apis/v1beta1/common.go and opentelemetrycollector_types.go of github.com/open-telemetry/opentelemetry-operator.
type collectorResource struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		Mode                                 string                                                  `json:"mode"`
		Replicas                             *int32                                                  `json:"replicas"`
		Image                                string                                                  `json:"image"`
		UpgradeStrategy                      string                                                  `json:"upgradeStrategy"`
		Env                                  []corev1.EnvVar                                         `json:"env"`
		EnvFrom                              []corev1.EnvFromSource                                  `json:"envFrom"`
		Resources                            corev1.ResourceRequirements                             `json:"resources"`
		PodSecurityContext                   *corev1.PodSecurityContext                              `json:"podSecurityContext"`
		SecurityContext                      *corev1.SecurityContext                                 `json:"securityContext"`
		VolumeClaimTemplates                 []corev1.PersistentVolumeClaim                          `json:"volumeClaimTemplates"`
		PersistentVolumeClaimRetentionPolicy *appsv1.StatefulSetPersistentVolumeClaimRetentionPolicy `json:"persistentVolumeClaimRetentionPolicy"`
		VolumeMounts                         []corev1.VolumeMount                                    `json:"volumeMounts"`
		Config                               map[string]any                                          `json:"config"`
	} `json:"spec"`
}

func TestTheOperatorsResourceIsOneReplicaWithADisk(t *testing.T) {
	t.Parallel()
	var resource collectorResource
	require.NoError(t, yaml.UnmarshalStrict(read(t, "deploy/operator/opentelemetrycollector.yaml"), &resource))
	assert.Equal(t, metav1.TypeMeta{APIVersion: "opentelemetry.io/v1beta1", Kind: "OpenTelemetryCollector"}, resource.TypeMeta)
	spec := resource.Spec
	assert.Equal(t, "statefulset", spec.Mode)
	assert.EqualValues(t, 1, *spec.Replicas)
	assert.EqualValues(t, "Retain", spec.PersistentVolumeClaimRetentionPolicy.WhenScaled)
	require.Len(t, spec.VolumeClaimTemplates, 1)
	assert.Equal(t, []corev1.VolumeMount{{Name: spec.VolumeClaimTemplates[0].Name, MountPath: "/var/lib/otelcol"}}, spec.VolumeMounts)

	content, err := yaml.Marshal(spec.Config)
	require.NoError(t, err)
	config := checkCollector(t, content)
	assert.Equal(t, "0.0.0.0:13133", config.Extensions["health_check"]["endpoint"], "the probes find it")
}
