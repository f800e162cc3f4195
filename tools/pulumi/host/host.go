package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"

	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/go/common/version"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/pulumi/pulumi/sdk/v3/python/toolchain"
)

// Prints, as a JSON list, every pulumi-plugin.json on the program's import path: so a package with a provider
// of its own says which plugin it needs.
const listPluginFiles = `
import glob, json, os, sys
found = []
for folder in sys.path:
    for path in glob.glob(os.path.join(glob.escape(folder), "*", "pulumi-plugin.json")):
        with open(path, encoding="utf-8") as file:
            found.append(json.load(file))
print(json.dumps(found))
`

// Prints what the engine notes of the Python in use. The toolchain's own About also starts pip, whose version
// nothing here asks for: a fifth of the work of an `up` with nothing to do.
const describePython = `
import json, sys
print(json.dumps({"executable": sys.executable, "version": "%d.%d.%d" % sys.version_info[:3]}))
`

type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer

	engine  string
	tracing string
	// Ends with the host, or when the engine cancels: commands in progress end with it.
	working context.Context
	cancel  context.CancelFunc
}

func newHost(ctx context.Context, engine, tracing string) *host {
	working, cancel := context.WithCancel(ctx)
	return &host{engine: engine, tracing: tracing, working: working, cancel: cancel}
}

func (h *host) Handshake(
	context.Context, *pulumirpc.LanguageHandshakeRequest,
) (*pulumirpc.LanguageHandshakeResponse, error) {
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

func (h *host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: version.Version}, nil
}

func (h *host) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	h.cancel()
	return &emptypb.Empty{}, nil
}

// RuntimeOptionsPrompts asks nothing: `pulumi new` keeps the options that the template states.
func (h *host) RuntimeOptionsPrompts(
	context.Context, *pulumirpc.RuntimeOptionsRequest,
) (*pulumirpc.RuntimeOptionsResponse, error) {
	return &pulumirpc.RuntimeOptionsResponse{}, nil
}

func (h *host) GetRequiredPackages(
	ctx context.Context, request *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	ctx, stop := h.join(ctx)
	defer stop()
	python, err := pythonOf(request.GetInfo())
	if err != nil {
		return nil, err
	}
	// The engine's first call of a deployment: the moment to make an environment that isn't there yet.
	directory := request.GetInfo().GetProgramDirectory()
	if err := python.EnsureVenv(ctx, directory, false, true, os.Stdout, os.Stderr); err != nil {
		return nil, err
	}
	if err := python.ValidateVenv(ctx); err != nil {
		return nil, err
	}
	plugins, err := pluginFiles(ctx, python)
	if err != nil {
		return nil, err
	}
	response := &pulumirpc.GetRequiredPackagesResponse{}
	for _, found := range plugins {
		// Without a name there is nothing to fetch ahead; the engine then asks for it when a resource needs it.
		if found.Resource && found.Name != "" {
			response.Packages = append(response.Packages, dependency(found))
		}
	}
	return response, nil
}

func pluginFiles(ctx context.Context, python toolchain.Toolchain) ([]plugin.PulumiPluginJSON, error) {
	command, err := python.Command(ctx, "-c", listPluginFiles)
	if err != nil {
		return nil, err
	}
	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("listing the Pulumi packages of the Python environment: %w", explain(err))
	}
	var plugins []plugin.PulumiPluginJSON
	if err := json.Unmarshal(output, &plugins); err != nil {
		return nil, fmt.Errorf("reading a pulumi-plugin.json of the Python environment: %w", err)
	}
	return plugins, nil
}

func dependency(found plugin.PulumiPluginJSON) *pulumirpc.PackageDependency {
	return &pulumirpc.PackageDependency{
		Name:             found.Name,
		Kind:             "resource",
		Version:          found.Version,
		Server:           found.Server,
		Parameterization: parameterization(found.Parameterization),
		Extension:        parameterization(found.ExtensionParameterization),
	}
}

func parameterization(given *plugin.PulumiParameterizationJSON) *pulumirpc.PackageParameterization {
	if given == nil {
		return nil
	}
	return &pulumirpc.PackageParameterization{Name: given.Name, Version: given.Version, Value: given.Value}
}

func (h *host) InstallDependencies(
	request *pulumirpc.InstallDependenciesRequest, server pulumirpc.LanguageRuntime_InstallDependenciesServer,
) (err error) {
	ctx, stop := h.join(server.Context())
	defer stop()
	python, err := pythonOf(request.GetInfo())
	if err != nil {
		return err
	}
	closer, stdout, stderr, err := rpcutil.MakeInstallDependenciesStreams(server, request.GetIsTerminal())
	if err != nil {
		return err
	}
	// Closing waits until what was written has been sent.
	defer func() { err = errors.Join(err, closer.Close()) }()
	return python.InstallDependencies(
		ctx, request.GetInfo().GetProgramDirectory(), request.GetUseLanguageVersionTools(), true, stdout, stderr)
}

func (h *host) About(ctx context.Context, request *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	ctx, stop := h.join(ctx)
	defer stop()
	options, err := optionsOf(request.GetInfo())
	if err != nil {
		return nil, err
	}
	python, err := toolchain.ResolveToolchain(options)
	if err != nil {
		return nil, err
	}
	command, err := python.Command(ctx, "-c", describePython)
	if err != nil {
		return nil, err
	}
	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("asking Python for its version: %w", explain(err))
	}
	var about struct{ Executable, Version string }
	if err := json.Unmarshal(output, &about); err != nil {
		return nil, fmt.Errorf("reading the version that Python tells: %w", err)
	}
	return &pulumirpc.AboutResponse{
		Executable: about.Executable,
		Version:    about.Version,
		Metadata:   map[string]string{"toolchain": toolchain.Name(options.Toolchain)},
	}, nil
}

func (h *host) GetProgramDependencies(
	ctx context.Context, request *pulumirpc.GetProgramDependenciesRequest,
) (*pulumirpc.GetProgramDependenciesResponse, error) {
	ctx, stop := h.join(ctx)
	defer stop()
	python, err := pythonOf(request.GetInfo())
	if err != nil {
		return nil, err
	}
	packages, err := python.ListPackages(ctx, request.GetTransitiveDependencies())
	if err != nil {
		return nil, explain(err)
	}
	response := &pulumirpc.GetProgramDependenciesResponse{}
	for _, each := range packages {
		response.Dependencies = append(response.Dependencies,
			&pulumirpc.DependencyInfo{Name: each.Name, Version: each.Version})
	}
	return response, nil
}

// join gives a call's context that also ends when the host stops working.
func (h *host) join(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	unregister := context.AfterFunc(h.working, cancel)
	return ctx, func() { unregister(); cancel() }
}

// explain adds what a failed command wrote to its error output.
func explain(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) && len(exit.Stderr) > 0 {
		return fmt.Errorf("%w: %s", err, exit.Stderr)
	}
	return err
}

func pythonOf(info *pulumirpc.ProgramInfo) (toolchain.Toolchain, error) {
	options, err := optionsOf(info)
	if err != nil {
		return nil, err
	}
	return toolchain.ResolveToolchain(options)
}

// optionsOf reads `runtime.options` of Pulumi.yaml.
func optionsOf(info *pulumirpc.ProgramInfo) (toolchain.PythonOptions, error) {
	options := toolchain.PythonOptions{Root: info.GetRootDirectory(), ProgramDir: info.GetProgramDirectory()}
	given := info.GetOptions().AsMap()
	if _, ok := given["typechecker"]; ok {
		return options, errors.New("runtime option 'typechecker' isn't supported by this language host; " +
			"remove it from Pulumi.yaml, or install Pulumi with its own installer")
	}
	if virtualenv, ok := given["virtualenv"]; ok {
		if options.Virtualenv, ok = virtualenv.(string); !ok {
			return options, fmt.Errorf("runtime option 'virtualenv' in Pulumi.yaml is a path, not %v", virtualenv)
		}
	}
	switch name := given["toolchain"]; name {
	case nil:
		options.Toolchain = toolchain.Auto
	case "pip":
		options.Toolchain = toolchain.Pip
	case "poetry":
		options.Toolchain = toolchain.Poetry
	case "uv":
		options.Toolchain = toolchain.Uv
	default:
		return options, fmt.Errorf("runtime option 'toolchain' in Pulumi.yaml is pip, poetry or uv, not %v", name)
	}
	return options, nil
}
