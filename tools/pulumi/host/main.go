// Pulumi's language host for Python, where Pulumi's own can't be downloaded: that one isn't served as a Go
// module. It speaks the LanguageRuntime protocol for programs; what concerns generated SDKs and plugins
// written in Python answers Unimplemented.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"google.golang.org/grpc"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/logging"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// How soon a killed engine is noticed. The check is one call on the loopback interface.
const engineCheckInterval = 2 * time.Second

func main() {
	// -v and -logtostderr, which the engine passes on under --logflow, are declared by the logging package.
	tracing := flag.String("tracing", "", "where the program sends its tracing data")
	flag.Parse()
	logging.InitLogging(false, 0, true)
	if flag.NArg() == 0 {
		fail("no engine address given; the pulumi command starts this program, it isn't run by hand")
	}
	if err := serve(flag.Arg(0), *tracing); err != nil {
		fail(err.Error())
	}
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, "pulumi-language-python:", message)
	os.Exit(1)
}

// serve answers the engine until it says goodbye with an interrupt, or is gone.
func serve(engine, tracing string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := rpcutil.Healthcheck(ctx, engine, engineCheckInterval, endProcessGroup); err != nil {
		return fmt.Errorf("can't watch the engine at %s: %w", engine, err)
	}

	host := newHost(ctx, engine, tracing)
	shutdown := make(chan bool)
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: shutdown,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, host)
			return nil
		},
		Options: rpcutil.TracingServerInterceptorOptions(nil),
	})
	if err != nil {
		return err
	}
	fmt.Println(handle.Port) // the engine reads the port from the first line

	select {
	case <-ctx.Done():
		close(shutdown)
		return <-handle.Done
	case err := <-handle.Done:
		return err
	}
}

// endProcessGroup ends this host, the program it runs and whatever that started: once the engine is gone
// nobody else will. The engine gives each host a process group of its own; a host started by hand shares its
// shell's group and only ends itself.
func endProcessGroup() {
	if syscall.Getpgrp() == os.Getpid() {
		_ = syscall.Kill(0, syscall.SIGKILL)
	}
	os.Exit(1)
}
