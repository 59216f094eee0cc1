using System.CommandLine;
using System.Text.RegularExpressions;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Cli.Output;

namespace Weft.Cli.Cni;

/// <summary><c>weft cni …</c>: this machine as container runtimes see it.</summary>
internal static partial class CniCommands
{
    public static Command Create(CommandFactory factory) => CommandFactory.Group(
        "cni", "The CNI plugin on this machine: for containerd, CRI-O, podman and others.", CreateInstall(factory), CreateUninstall(factory));

    private static WeftCommand CreateInstall(CommandFactory factory)
    {
        WeftCommand command = new(
            "install",
            "Puts the plugin and a network configuration where container runtimes look for them. Pods that run are not touched.",
            new Example("weft cni install", "/opt/cni/bin/weft-cni and /etc/cni/net.d/10-weft.conflist"),
            new Example("weft cni install --chain portmap,bandwidth", "with published ports by the reference plugins; limits of bandwidth do not hold for what eBPF redirects"),
            new Example("weft cni install --bin-dir /usr/lib/cni", "where Debian's podman looks"));
        Places places = new(command);
        Option<string> name = new("--name") { Description = "The network's name", HelpName = "NAME", DefaultValueFactory = _ => "weft" };
        Option<string?> chain = new("--chain") { Description = "Plugins to call after this one, with commas between them", HelpName = "PLUGINS" };
        Option<string?> plugin = new("--plugin") { Description = "The program to install, instead of the weft-cni beside weft", HelpName = "PATH" };
        chain.CompletionSources.Add("portmap", "bandwidth", "portmap,bandwidth");
        command.Add(name);
        command.Add(chain);
        command.Add(plugin);
        factory.SetAction(command, invocation =>
        {
            NetworkSpec network = new()
            {
                Name = Named("--name", invocation.Parse.GetRequiredValue(name)),
                Chain = [.. (invocation.Parse.GetValue(chain) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(each => Named("--chain", each))],
                Socket = invocation.Socket,
            };
            string source = invocation.Parse.GetValue(plugin) ?? Path.Combine(AppContext.BaseDirectory, InstallOptions.PluginName);
            Write(invocation, new CniInstaller(places.Read(invocation)).Install(source, network));
        });
        return command;
    }

    private static WeftCommand CreateUninstall(CommandFactory factory)
    {
        WeftCommand command = new(
            "uninstall",
            "Takes away what 'weft cni install' wrote. Pods that run keep their network; delete them before, or their runtime cannot.",
            new Example("weft cni uninstall", "the network's configuration first, then the plugin"));
        Places places = new(command);
        factory.SetAction(command, invocation => Write(invocation, new CniInstaller(places.Read(invocation)).Uninstall()));
        return command;
    }

    private static void Write(Invocation invocation, InstallReport report)
    {
        foreach (string warning in report.Warnings)
        {
            invocation.Error.WriteLine($"weft: {warning}");
        }

        if (invocation.AsJson)
        {
            invocation.WriteJson(report, JsonOutput.Cli.InstallReport);
            return;
        }

        foreach (InstalledFile file in report.Files)
        {
            invocation.Output.WriteLine($"{file.Path}: {file.Change}");
        }
    }

    // The specification's rule for names of networks; a plugin's name is looked for in directories, so it has no slash either.
    private static string Named(string option, string value) => Identifier().IsMatch(value)
        ? value
        : throw new UsageException($"{option} '{value}': letters, digits, '_', '.' and '-' only, a letter or digit first");

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9_.-]*\z")]
    private static partial Regex Identifier();

    private sealed class Places
    {
        private readonly Option<string> _bin = new("--bin-dir")
        {
            Description = "Where the runtime looks for plugins",
            HelpName = "PATH",
            DefaultValueFactory = _ => "/opt/cni/bin",
        };

        private readonly Option<string> _config = new("--conf-dir")
        {
            Description = "Where the runtime looks for networks",
            HelpName = "PATH",
            DefaultValueFactory = _ => "/etc/cni/net.d",
        };

        private readonly Option<bool> _force = new("--force") { Description = "Replace or remove also what 'weft cni install' did not write" };

        public Places(Command command)
        {
            command.Add(_bin);
            command.Add(_config);
            command.Add(_force);
        }

        public InstallOptions Read(Invocation invocation) => new()
        {
            BinDirectory = Path.GetFullPath(invocation.Parse.GetRequiredValue(_bin)),
            ConfigDirectory = Path.GetFullPath(invocation.Parse.GetRequiredValue(_config)),
            Force = invocation.Parse.GetValue(_force),
        };
    }
}
