package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// shutdownTime is how long requests may take to finish at the end.
const shutdownTime = 3 * time.Second

// cloud is one emulated cloud with its past, ready to be served.
type cloud struct {
	name    string // its vendor's
	serving *serving
	handler http.Handler
	life    life
	rate    float64 // scenes a second
	users   []string
	entries int // in its logs at start

	// environment is what the receiver's configuration reads, as NAME=value, if the cloud is at this URL.
	environment func(url string) []string
	// usersVariable is the name of the variable that holds the path of the users file.
	usersVariable string
	// try is what curl needs to look at the cloud at this URL by hand.
	try func(url string) []string

	listener net.Listener
	server   *http.Server
}

// url is where the cloud is served.
func (c *cloud) url() string { return "http://" + c.listener.Addr().String() }

// variables are what a command finds in its environment.
func (c *cloud) variables() []string {
	env := c.environment(c.url())
	if c.serving.usersFile != "" {
		env = append(env, c.usersVariable+"="+c.serving.usersFile)
	}
	return env
}

// emulation is all clouds, served.
type emulation struct {
	settings settings
	clouds   []*cloud
	failed   chan error // what ended a server, if anything but end
	cancel   context.CancelFunc
	wg       sync.WaitGroup
}

// begin fills the clouds, writes the users files and serves. The caller must call end.
func begin(s settings) (*emulation, error) {
	if err := s.validate(); err != nil {
		return nil, err
	}
	e := &emulation{settings: s}
	for _, open := range []func(*settings, time.Time) (*cloud, error){openAuth0, openKOBIL, openCanvas} {
		c, err := open(&e.settings, time.Now())
		if err != nil {
			return nil, err
		}
		e.clouds = append(e.clouds, c)
	}
	for i, c := range e.clouds {
		var err error
		if c.listener, err = c.serving.open(); err == nil {
			err = c.serving.write(c.users)
		}
		if err != nil {
			return nil, errors.Join(err, closeListeners(e.clouds[:i+1]))
		}
	}
	e.serve()
	return e, nil
}

// closeListeners closes what listens.
func closeListeners(clouds []*cloud) error {
	var errs []error
	for _, c := range clouds {
		if c.listener != nil {
			errs = append(errs, c.listener.Close())
		}
	}
	return errors.Join(errs...)
}

// serve begins to serve the clouds, and lets their lives go on.
func (e *emulation) serve() {
	ctx, cancel := context.WithCancel(context.Background())
	e.cancel, e.failed = cancel, make(chan error, len(e.clouds))
	for _, c := range e.clouds {
		c.server = &http.Server{Handler: c.handler, ReadHeaderTimeout: 10 * time.Second}
		e.wg.Go(func() {
			if err := c.server.Serve(c.listener); !errors.Is(err, http.ErrServerClosed) {
				e.failed <- fmt.Errorf("serve %s: %w", c.name, err)
			}
		})
		e.wg.Go(func() { c.life.run(ctx, c.rate) })
	}
}

// end stops everything and waits for it.
func (e *emulation) end() error {
	e.cancel()
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTime)
	defer cancel()
	var errs []error
	for _, c := range e.clouds {
		err := c.server.Shutdown(ctx)
		if errors.Is(err, context.DeadlineExceeded) {
			err = c.server.Close() // a client that holds its request open must not hold us
		}
		errs = append(errs, err)
	}
	e.wg.Wait()
	return errors.Join(errs...)
}

// environment is what the receiver's configuration reads, as NAME=value.
func (e *emulation) environment() []string {
	var env []string
	for _, c := range e.clouds {
		env = append(env, c.variables()...)
	}
	return env
}
