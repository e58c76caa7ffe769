// Command bench measures what a collector with the user_log receiver costs. `make bench-e2e` builds and runs it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/userlog/userlog-otel/internal/bench/pages"
	"github.com/userlog/userlog-otel/internal/bench/rig"
	"github.com/userlog/userlog-otel/internal/bench/sink"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1) //nolint:gocritic // stop would only restore the signals
	}
}

// run is either the whole measurement, or one of the servers that it starts as processes of their own.
func run(ctx context.Context, args []string) error {
	if len(args) > 0 {
		switch args[0] {
		case rig.PagesCommand:
			return serve(pages.NewServer().Handler())
		case rig.SinkCommand:
			return serve(sink.NewServer().Handler())
		}
	}
	return rig.Main(ctx, args)
}

// serve serves on a port of loopback, which it writes to stdout, until stdin ends: that is when the parent does.
func serve(handler http.Handler) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stdout, "http://%s\n", listener.Addr())
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		_ = server.Close()
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
