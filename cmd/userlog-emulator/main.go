// Command userlog-emulator stands in for the clouds of Auth0, KOBIL and Canvas, so that the receiver can be tried without
// them.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"
)

func main() {
	err := rootCommand().Execute()
	if err == nil {
		return
	}
	code := 1
	var exit *exitError
	if errors.As(err, &exit) {
		code = exit.code
	}
	fmt.Fprintln(os.Stderr, "userlog-emulator:", err)
	os.Exit(code)
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "userlog-emulator",
		Short: "Auth0, KOBIL and Canvas on loopback, to try the user_log receiver without them",
		// main prints errors, once, without the usage.
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
	}
	root.AddCommand(serveCommand(), runCommand(), scenariosCommand())
	return root
}

// exitError is an error that ends the program with a code of its own: that of the command that was run.
type exitError struct {
	code int
	text string
}

func (e *exitError) Error() string { return e.text }
