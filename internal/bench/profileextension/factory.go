// Package profileextension writes profiles of a collector: of the CPU time from its start to its end, and of the memory that
// is in use at its end. The Collector's own extension for profiles serves them, and has to be asked at the right moment.
package profileextension

import (
	"context"
	"errors"
	"os"
	"runtime"
	"runtime/pprof"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension"
)

// Config says where the profiles go. The files are replaced.
type Config struct {
	CPU  string `mapstructure:"cpu"`
	Heap string `mapstructure:"heap"`

	_ struct{}
}

// NewFactory makes the factory of the extension.
func NewFactory() extension.Factory {
	return extension.NewFactory(component.MustNewType("profile"),
		func() component.Config { return &Config{} },
		func(_ context.Context, _ extension.Settings, cfg component.Config) (extension.Extension, error) {
			return &profile{cfg: cfg.(*Config)}, nil // the factory makes no other configuration
		},
		component.StabilityLevelDevelopment)
}

type profile struct {
	cfg *Config
	cpu *os.File // nil unless started
}

// Start implements component.Component.
func (p *profile) Start(context.Context, component.Host) error {
	file, err := os.Create(p.cfg.CPU)
	if err != nil {
		return err
	}
	p.cpu = file
	return pprof.StartCPUProfile(file)
}

// NotReady implements extensioncapabilities.PipelineWatcher: it is called before the receivers end, and let go what they
// hold.
func (p *profile) NotReady() error {
	heap, err := os.Create(p.cfg.Heap)
	if err != nil {
		return err
	}
	runtime.GC() // without it the profile is of the last collection
	return errors.Join(pprof.WriteHeapProfile(heap), heap.Close())
}

// Ready implements extensioncapabilities.PipelineWatcher.
func (*profile) Ready() error { return nil }

// Shutdown implements component.Component.
func (p *profile) Shutdown(context.Context) error {
	if p.cpu == nil {
		return nil
	}
	pprof.StopCPUProfile()
	err := p.cpu.Close()
	p.cpu = nil
	return err
}
