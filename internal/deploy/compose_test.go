package deploy

import (
	"net/url"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"
)

func project(t *testing.T) *types.Project {
	t.Helper()
	options, err := cli.NewProjectOptions([]string{filepath.Join(root, "deploy", "compose", "compose.yaml")})
	require.NoError(t, err)
	loaded, err := options.LoadProject(t.Context())
	require.NoError(t, err)
	return loaded
}

func TestComposeFindsItsFilesAndImages(t *testing.T) {
	t.Parallel()
	loaded := project(t)
	targets := map[string]bool{}
	for _, stage := range stages(t) {
		targets[stage.Name] = true
	}
	assert.Len(t, loaded.Services, 5)
	for name, service := range loaded.Services {
		for _, volume := range service.Volumes {
			switch volume.Type {
			case types.VolumeTypeBind:
				assert.True(t, exists(volume.Source), "%s mounts %s", name, volume.Source)
				assert.True(t, volume.ReadOnly, "%s changes nothing in the tree", name)
			default:
				assert.Contains(t, loaded.Volumes, volume.Source)
			}
		}
		if service.Build != nil {
			assert.True(t, exists(filepath.Join(service.Build.Context, service.Build.Dockerfile)), name)
			assert.True(t, targets[service.Build.Target], name)
			continue
		}
		assert.Regexp(t, `:v?\d+\.\d+\.\d+$`, service.Image, "its version is named")
	}
	for _, port := range loaded.Services["grafana"].Ports {
		assert.Equal(t, "127.0.0.1", port.HostIP, "what asks for no login is for this machine")
	}
}

// remote are the hosts that the files of deploy/compose name.
var remote = regexp.MustCompile(`https?://[^\s"/}]+`)

func TestTheHostsInComposesFilesAreItsServices(t *testing.T) {
	t.Parallel()
	loaded := project(t)
	assert.Equal(t, "service:emulator", loaded.Services["collector"].NetworkMode)
	tested := 0
	for _, file := range []string{"collector.yaml", "grafana/datasources.yaml"} {
		for _, address := range remote.FindAllString(string(read(t, "deploy/compose", file)), -1) {
			parsed, err := url.Parse(address)
			require.NoError(t, err)
			if parsed.Hostname() == "127.0.0.1" { // the emulator, whose network the collector is in
				continue
			}
			tested++
			assert.Contains(t, loaded.Services, parsed.Hostname(), "%s: %s", file, address)
		}
	}
	assert.Equal(t, 3, tested)

	var prometheus struct {
		ScrapeConfigs []struct {
			StaticConfigs []struct{ Targets []string } `json:"static_configs"`
		} `json:"scrape_configs"`
	}
	require.NoError(t, yaml.Unmarshal(read(t, "deploy/compose/prometheus.yaml"), &prometheus))
	assert.Equal(t, []string{"emulator:8888"}, prometheus.ScrapeConfigs[0].StaticConfigs[0].Targets)
}

func TestComposesCollectorIsValid(t *testing.T) {
	t.Parallel()
	config := checkCollector(t, read(t, "deploy/compose/collector.yaml"))
	assert.Len(t, config.Receivers, 3)
}
