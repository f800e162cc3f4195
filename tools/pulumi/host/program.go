package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/pulumi/pulumi/sdk/v3/python/toolchain"
)

// The exit code by which pulumi-language-python-exec says that the user has already been told what went wrong.
const alreadyExplained = 32

func (h *host) Run(ctx context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	ctx, stop := h.join(ctx)
	defer stop()
	if request.GetAttachDebugger() {
		return nil, status.Error(codes.Unimplemented, "this language host can't attach a debugger; "+
			"run without --attach-debugger, or install Pulumi with its own installer")
	}
	python, err := pythonOf(request.GetInfo())
	if err != nil {
		return nil, err
	}
	if err := python.ValidateVenv(ctx); err != nil {
		return nil, err
	}
	command, err := h.programCommand(ctx, python, request)
	if err != nil {
		return nil, err
	}
	return outcome(command.Run()), nil
}

// programCommand is the program as a command: its output is the host's, which the engine shows to the user.
func (h *host) programCommand(
	ctx context.Context, python toolchain.Toolchain, request *pulumirpc.RunRequest,
) (*exec.Cmd, error) {
	executable, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding the folder of this language host: %w", err)
	}
	runner := filepath.Join(filepath.Dir(executable), "pulumi-language-python-exec")
	command, err := python.Command(ctx, append([]string{"-u", runner}, h.programArguments(request)...)...)
	if err != nil {
		return nil, err
	}
	config, secretKeys, err := configOf(request)
	if err != nil {
		return nil, fmt.Errorf("passing the stack's config on: %w", err)
	}
	command.Env = append(command.Environ(), "PULUMI_CONFIG="+config, "PULUMI_CONFIG_SECRET_KEYS="+secretKeys)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	return command, nil
}

// configOf gives the stack's config and the names of its secrets as the SDK reads them from its environment.
// Nothing configured is an empty object and list: the SDK can't read null.
func configOf(request *pulumirpc.RunRequest) (config, secretKeys string, err error) {
	values, keys := request.GetConfig(), request.GetConfigSecretKeys()
	if values == nil {
		values = map[string]string{}
	}
	if keys == nil {
		keys = []string{}
	}
	encodedValues, valuesErr := json.Marshal(values)
	encodedKeys, keysErr := json.Marshal(keys)
	return string(encodedValues), string(encodedKeys), errors.Join(valuesErr, keysErr)
}

func (h *host) programArguments(request *pulumirpc.RunRequest) []string {
	arguments := []string{
		"--project", request.GetProject(),
		"--stack", request.GetStack(),
		"--organization", request.GetOrganization(),
		"--root_directory", request.GetInfo().GetRootDirectory(),
		"--pwd", request.GetPwd(),
		"--monitor", request.GetMonitorAddress(),
		"--engine", h.engine,
		"--parallel", strconv.Itoa(int(request.GetParallel())),
		"--dry_run", strconv.FormatBool(request.GetDryRun()),
	}
	if h.tracing != "" {
		arguments = append(arguments, "--tracing", h.tracing)
	}
	return append(append(arguments, request.GetInfo().GetEntryPoint()), request.GetArgs()...)
}

// outcome says how the program ended. Bail means that the user has read why already.
func outcome(err error) *pulumirpc.RunResponse {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}
	case errors.As(err, &exit) && exit.ExitCode() == alreadyExplained:
		return &pulumirpc.RunResponse{Bail: true}
	case errors.As(err, &exit):
		return &pulumirpc.RunResponse{Error: "the Python program failed: " + exit.String()}
	default:
		return &pulumirpc.RunResponse{Error: "the Python program couldn't be started: " + err.Error()}
	}
}
