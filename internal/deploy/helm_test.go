package deploy

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/cli/values"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/getter"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// manifests are what a chart makes, strictly decoded: an unknown key, or a kind that is not here, is an error.
type manifests struct {
	Deployment     *appsv1.Deployment
	StatefulSet    *appsv1.StatefulSet
	ConfigMap      *corev1.ConfigMap
	Service        *corev1.Service
	ServiceAccount *corev1.ServiceAccount
	Budget         *policyv1.PodDisruptionBudget
	Role           *rbacv1.Role
	RoleBinding    *rbacv1.RoleBinding
}

// render does what `helm template userlog CHART -n identity -f FILE…` does. The files are relative to deploy/helm.
func render(t *testing.T, files ...string) manifests {
	t.Helper()
	dir := os.Getenv("HELM_CHART")
	if dir == "" {
		t.Skip("HELM_CHART is not set: set it to the directory that " +
			"`helm pull --untar open-telemetry/opentelemetry-collector --version 0.170.0` made")
	}
	chart, err := loader.LoadDir(dir)
	require.NoError(t, err)
	for i, file := range files {
		if !filepath.IsAbs(file) {
			files[i] = filepath.Join(root, "deploy", "helm", file)
		}
	}
	given, err := (&values.Options{ValueFiles: files}).MergeValues(getter.Providers{})
	require.NoError(t, err)
	for key := range given {
		_, known := chart.Values[key]
		assert.True(t, known, "the chart has no value %s", key)
	}
	release := chartutil.ReleaseOptions{Name: "userlog", Namespace: "identity", Revision: 1, IsInstall: true}
	all, err := chartutil.ToRenderValues(chart, given, release, nil)
	require.NoError(t, err)
	rendered, err := engine.Render(chart, all)
	require.NoError(t, err)

	var found manifests
	for file, content := range rendered {
		if filepath.Ext(file) != ".yaml" {
			continue
		}
		for document := range strings.SplitSeq(content, "\n---") {
			if strings.TrimSpace(strings.TrimLeft(document, "-")) != "" {
				found.add(t, document)
			}
		}
	}
	return found
}

func (m *manifests) add(t *testing.T, document string) {
	t.Helper()
	var kind metav1.TypeMeta
	require.NoError(t, yaml.Unmarshal([]byte(document), &kind), document)
	into := map[string]any{
		"apps/v1/Deployment":                       &m.Deployment,
		"apps/v1/StatefulSet":                      &m.StatefulSet,
		"v1/ConfigMap":                             &m.ConfigMap,
		"v1/Service":                               &m.Service,
		"v1/ServiceAccount":                        &m.ServiceAccount,
		"policy/v1/PodDisruptionBudget":            &m.Budget,
		"rbac.authorization.k8s.io/v1/Role":        &m.Role,
		"rbac.authorization.k8s.io/v1/RoleBinding": &m.RoleBinding,
	}[kind.APIVersion+"/"+kind.Kind]
	require.NotNil(t, into, "no such thing is wanted:\n%s", document)
	require.NoError(t, yaml.UnmarshalStrict([]byte(document), into), document)
}

// config is the configuration of the collector, looked at by the schema and by the collector.
func (m *manifests) config(t *testing.T) collectorConfig {
	t.Helper()
	return checkCollector(t, []byte(m.ConfigMap.Data["relay"]), "SHARD_INDEX=0")
}

func (m *manifests) container(t *testing.T) corev1.Container {
	t.Helper()
	require.Len(t, m.StatefulSet.Spec.Template.Spec.Containers, 1)
	return m.StatefulSet.Spec.Template.Spec.Containers[0]
}

func TestTheValuesMakeOneReplicaWithADisk(t *testing.T) {
	t.Parallel()
	made := render(t, "values.yaml")
	set := made.StatefulSet.Spec
	assert.EqualValues(t, 1, *set.Replicas)
	assert.Equal(t, &appsv1.StatefulSetPersistentVolumeClaimRetentionPolicy{WhenDeleted: "Retain", WhenScaled: "Retain"},
		set.PersistentVolumeClaimRetentionPolicy)
	require.Len(t, set.VolumeClaimTemplates, 1)

	container := made.container(t)
	assert.Equal(t, []string{"/otelcol-userlog"}, container.Command)
	assert.Contains(t, container.VolumeMounts, corev1.VolumeMount{Name: set.VolumeClaimTemplates[0].Name, MountPath: "/var/lib/otelcol"})
	require.Len(t, container.EnvFrom, 1)
	assert.Equal(t, "userlog", container.EnvFrom[0].SecretRef.Name)
	assert.True(t, *container.SecurityContext.ReadOnlyRootFilesystem)
	assert.True(t, *set.Template.Spec.SecurityContext.RunAsNonRoot)
	require.Len(t, container.Ports, 1)
	assert.EqualValues(t, 8888, container.Ports[0].ContainerPort)
	for _, probe := range []*corev1.Probe{container.LivenessProbe, container.ReadinessProbe} {
		assert.Equal(t, 13133, probe.HTTPGet.Port.IntValue())
	}
	assert.Equal(t, made.ConfigMap.Name, set.Template.Spec.Volumes[0].ConfigMap.Name)

	config := made.config(t)
	assert.Equal(t, "0.0.0.0:13133", config.Extensions["health_check"]["endpoint"], "the probes find it")
	assert.Len(t, config.Receivers, 1, "none of the chart's own")
	assert.Len(t, config.Exporters, 1)
	assert.Len(t, config.Service.Pipelines, 1)
	assert.NotContains(t, config.Processors, "batch", "it would accept what is not delivered yet")
	assert.NotEmpty(t, config.Service.Telemetry, "the chart's own")
}

func TestTheValuesOfShardsGiveEachReplicaItsOwn(t *testing.T) {
	t.Parallel()
	made := render(t, "values.yaml", "values-statefulset.yaml")
	assert.EqualValues(t, 3, *made.StatefulSet.Spec.Replicas)
	var index *corev1.EnvVarSource
	for _, env := range made.container(t).Env {
		if env.Name == "SHARD_INDEX" {
			index = env.ValueFrom
		}
	}
	require.NotNil(t, index)
	assert.Equal(t, "metadata.labels['apps.kubernetes.io/pod-index']", index.FieldRef.FieldPath)
	config := made.config(t)
	assert.Equal(t, map[string]any{"index": "${env:SHARD_INDEX}", "count": "${yaml:3}"}, config.Receivers["user_log/auth0"]["shard"])
}

func TestTheValuesOfALeaderLetItsAccountHoldTheLease(t *testing.T) {
	t.Parallel()
	made := render(t, "values.yaml", "values-leader.yaml")
	assert.EqualValues(t, 2, *made.StatefulSet.Spec.Replicas)
	assert.Equal(t, 1, made.Budget.Spec.MinAvailable.IntValue())
	labels := made.StatefulSet.Spec.Template.Labels
	require.Len(t, made.StatefulSet.Spec.Template.Spec.TopologySpreadConstraints, 1)
	for key, value := range made.StatefulSet.Spec.Template.Spec.TopologySpreadConstraints[0].LabelSelector.MatchLabels {
		assert.Equal(t, value, labels[key], "the constraint is about these pods")
	}

	assert.Equal(t, []rbacv1.PolicyRule{{
		APIGroups: []string{"coordination.k8s.io"}, Resources: []string{"leases"}, Verbs: []string{"get", "create", "update"},
	}}, made.Role.Rules)
	assert.Equal(t, made.Role.Name, made.RoleBinding.RoleRef.Name)
	assert.Equal(t, []rbacv1.Subject{{Kind: "ServiceAccount", Name: made.ServiceAccount.Name, Namespace: "identity"}},
		made.RoleBinding.Subjects)
	assert.Equal(t, made.ServiceAccount.Name, made.StatefulSet.Spec.Template.Spec.ServiceAccountName)

	config := made.config(t)
	assert.Equal(t, made.Role.Namespace, config.Extensions["k8s_leader_elector"]["lease_namespace"])
	assert.Equal(t, "k8s_leader_elector", config.Receivers["user_log/auth0"]["k8s_leader_elector"])
}

// The collector of this repository has no such storage, so it cannot look at the configuration.
func TestTheValuesOfASharedStorageNeedNoDisk(t *testing.T) {
	t.Parallel()
	_, text, found := strings.Cut(string(read(t, "docs/scaling.md")), "```yaml\nmode: deployment\n")
	require.True(t, found)
	text, _, _ = strings.Cut(text, "```")
	file := filepath.Join(t.TempDir(), "values-shared.yaml")
	require.NoError(t, os.WriteFile(file, []byte("mode: deployment\n"+text), 0o600))

	made := render(t, "values.yaml", "values-leader.yaml", file)
	assert.Nil(t, made.StatefulSet)
	assert.EqualValues(t, 2, *made.Deployment.Spec.Replicas)
	assert.Len(t, made.Deployment.Spec.Template.Spec.Containers[0].VolumeMounts, 1, "that of the configuration")
	var config collectorConfig
	require.NoError(t, yaml.UnmarshalStrict([]byte(made.ConfigMap.Data["relay"]), &config))
	config.checkExtensions(t)
	assert.Equal(t, "redis_storage", config.Receivers["user_log/auth0"]["storage"])
	assert.Equal(t, "k8s_leader_elector", config.Receivers["user_log/auth0"]["k8s_leader_elector"])
	assert.NotContains(t, config.Service.Extensions, "file_storage")
	assert.NotContains(t, config.Extensions["redis_storage"], "expiration", "it deletes cursors")
}
