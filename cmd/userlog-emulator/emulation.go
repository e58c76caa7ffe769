package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/userlog/userlog-otel/internal/emulator"
	"github.com/userlog/userlog-otel/internal/emulator/auth0"
	"github.com/userlog/userlog-otel/internal/emulator/auth0/day"
)

// shutdownTime is how long requests may take to finish at the end.
const shutdownTime = 3 * time.Second

// emulation is a running tenant.
type emulation struct {
	settings settings
	tenant   *auth0.Tenant
	url      string
	past     int // log events at start

	server *http.Server
	failed chan error // what ended the server, if anything but end
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

// begin fills a tenant, writes the users file and serves. The caller must call end.
func begin(s settings) (*emulation, error) {
	if err := s.validate(); err != nil {
		return nil, err
	}
	tenant := auth0.New(auth0.Options{
		Clients:   map[string]string{s.clientID: s.clientSecret},
		RateLimit: auth0.RateLimit{Limit: s.limit, Window: s.window},
	})
	feed, err := newFeed(tenant, s, time.Now())
	if err != nil {
		return nil, err
	}
	if err := replay(tenant, s); err != nil {
		return nil, fmt.Errorf("--replay: %w", err)
	}
	listener, err := listenLoopback(s.listen)
	if err != nil {
		return nil, err
	}
	if s.usersFile != "" {
		if err := os.WriteFile(s.usersFile, []byte(strings.Join(tenant.Users(), "\n")+"\n"), 0o600); err != nil {
			return nil, errors.Join(fmt.Errorf("--users-file: %w", err), listener.Close())
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	e := &emulation{
		settings: s, tenant: tenant, url: "http://" + listener.Addr().String(), past: len(tenant.Entries("")),
		server: &http.Server{Handler: tenant, ReadHeaderTimeout: 10 * time.Second},
		failed: make(chan error, 1), cancel: cancel,
	}
	e.wg.Go(func() {
		if err := e.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			e.failed <- fmt.Errorf("serve: %w", err)
		}
	})
	e.wg.Go(func() { feed.run(ctx, s.rate) })
	return e, nil
}

// end stops everything and waits for it.
func (e *emulation) end() error {
	e.cancel()
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTime)
	defer cancel()
	err := e.server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = e.server.Close() // a client that holds its request open must not hold us
	}
	e.wg.Wait()
	return err
}

// listenLoopback listens, and looks again where it ended up: localhost is whatever the system says it is.
func listenLoopback(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	if a, ok := l.Addr().(*net.TCPAddr); !ok || !a.IP.IsLoopback() {
		return nil, errors.Join(fmt.Errorf("--listen: %s is %s here, not a loopback address", address, l.Addr()), l.Close())
	}
	return l, nil
}

// replay publishes the entries of all files. Their dates are moved together, so that they stay as far apart as they are.
func replay(tenant *auth0.Tenant, s settings) error {
	var entries []json.RawMessage
	for _, path := range s.replay {
		more, err := readEntries(path)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		entries = append(entries, more...)
	}
	if s.replayShift {
		entries = auth0.ShiftDates(entries, time.Now())
	}
	return tenant.Replay(s.replayUser, entries)
}

func readEntries(path string) ([]json.RawMessage, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return emulator.ReadNDJSON(f)
}

// environment is what the receiver's configuration reads, as NAME=value.
func (e *emulation) environment() []string {
	env := []string{
		"AUTH0_ENDPOINT=" + e.url,
		"AUTH0_CLIENT_ID=" + e.settings.clientID,
		"AUTH0_CLIENT_SECRET=" + e.settings.clientSecret,
	}
	if e.settings.usersFile != "" {
		env = append(env, "AUTH0_USERS_FILE="+e.settings.usersFile)
	}
	return env
}

// feed lets the day go on.
type feed struct {
	tenant *auth0.Tenant
	day    *day.Day
	queue  day.Queue
}

// newFeed publishes the past, up to now; what of it arrives later waits in the queue.
func newFeed(tenant *auth0.Tenant, s settings, now time.Time) (*feed, error) {
	f := &feed{tenant: tenant, day: day.New(day.Options{Seed: s.seed, Users: s.users})}
	tenant.AddUsers(f.day.Users()...)
	f.queue.Push(f.day.Past(now.Add(-s.history), now, s.scenes())...)
	return f, f.publish(now)
}

func (f *feed) publish(now time.Time) error {
	for _, e := range f.queue.Due(now) {
		if err := f.tenant.Publish(e.User, e.Entry); err != nil {
			return err
		}
	}
	return nil
}
