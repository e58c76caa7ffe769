package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"

	"github.com/spf13/cobra"
)

// serving is where a cloud is served, and where its users are written to.
type serving struct {
	// prefix stands before the names of the flags.
	prefix    string
	listen    string
	usersFile string
}

// register adds the flags; listen is the default address.
func (s *serving) register(c *cobra.Command, prefix, vendor, listen string) {
	s.prefix = prefix
	c.Flags().StringVar(&s.listen, prefix+"listen", listen, "loopback address to serve "+vendor+" on; port 0 is any free one")
	c.Flags().StringVar(&s.usersFile, prefix+"users-file", "",
		"`file` to write the users of "+vendor+" to, one a line, for users_file of the receiver")
}

// validate refuses every address that other machines could reach: the secret is no secret, and the API serves whoever
// asks.
func (s *serving) validate() error {
	host, _, err := net.SplitHostPort(s.listen)
	if err != nil {
		return fmt.Errorf("--%slisten: %w", s.prefix, err)
	}
	if host == "localhost" {
		return nil
	}
	if ip, err := netip.ParseAddr(host); err == nil && ip.Unmap().IsLoopback() {
		return nil
	}
	return fmt.Errorf("--%slisten: %q is not a loopback address: the emulator protects nothing, so it serves this machine only (127.0.0.1, ::1, localhost)", s.prefix, s.listen)
}

// open listens, and looks again where it ended up: localhost is whatever the system says it is.
func (s *serving) open() (net.Listener, error) {
	l, err := net.Listen("tcp", s.listen)
	if err != nil {
		return nil, fmt.Errorf("--%slisten: %w", s.prefix, err)
	}
	if a, ok := l.Addr().(*net.TCPAddr); !ok || !a.IP.IsLoopback() {
		err := fmt.Errorf("--%slisten: %s is %s here, not a loopback address", s.prefix, s.listen, l.Addr())
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// write writes the users file, if there is to be one.
func (s *serving) write(users []string) error {
	if s.usersFile == "" {
		return nil
	}
	if err := os.WriteFile(s.usersFile, []byte(strings.Join(users, "\n")+"\n"), 0o600); err != nil {
		return fmt.Errorf("--%susers-file: %w", s.prefix, err)
	}
	return nil
}
