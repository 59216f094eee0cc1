using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Weft.Agent.Http;
using Weft.Control.Logging;
using Weft.Agent.Options;
using Weft.Agent.Startup;
using Weft.Api.Cni;
using Weft.Control.Node;
using Weft.Control.Operating;
using Weft.Datapath.Attaching;
using Weft.Datapath.Pinning;
using Weft.Model.Addressing;
using Weft.Model.Nodes;
using Weft.Store;

namespace Weft.Agent;

/// <summary>The process: checks, lock, node, API; and the way back when it is told to end.</summary>
internal sealed partial class AgentHost
{
    /// <summary>Monitor streams end at once; another request gets this long to be answered.</summary>
    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(5);

    private readonly AgentOptions _options;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _log;

    private AgentHost(AgentOptions options, ILoggerFactory loggers)
    {
        _options = options;
        _loggers = loggers;
        _log = loggers.CreateLogger<AgentHost>();
    }

    /// <summary>Runs until cancelled.</summary>
    public static async Task<int> RunAsync(AgentOptions options, CancellationToken cancellationToken)
    {
        using ILoggerFactory loggers = LoggerFactory.Create(builder => ConfigureLogging(builder, options.Verbose));
        return await new AgentHost(options, loggers).RunAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        NodeSettings settings = ReadSettings();
        SystemChecks.Run(_options.Paths.BpfRoot);
        using InstanceLock held = InstanceLock.Take(_options.Paths);
        using ApiSocket socket = new(_options.Paths.Socket);
        socket.RequireFree();
        NodeAgent agent = await NodeAgent.StartAsync(settings, TimeProvider.System, _loggers, cancellationToken).ConfigureAwait(false);
        await using (agent.ConfigureAwait(false))
        {
            WebApplication api = BuildApi(agent, socket);
            await using (api.ConfigureAwait(false))
            {
                await api.StartAsync(cancellationToken).ConfigureAwait(false);
                LogReady(_options.Paths.Socket, Environment.ProcessId);
                await WaitForEndAsync(cancellationToken).ConfigureAwait(false);
                LogEnding();
                agent.Events.Close();
                using CancellationTokenSource drain = new(s_drain);
                await api.StopAsync(drain.Token).ConfigureAwait(false);
            }
        }

        return 0;
    }

    private WebApplication BuildApi(NodeAgent agent, ApiSocket socket)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(_loggers);
        builder.Services.AddRoutingCore();
        builder.Services.Configure<SocketTransportOptions>(transport => transport.CreateBoundListenSocket = _ => socket.Bind());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.ListenUnixSocket(_options.Paths.Socket);
        });
        WebApplication api = builder.Build();
        ApiRoutes routes = new(agent, DescribeOptions(), _loggers.CreateLogger<ApiRoutes>());
        api.Use(next => context => routes.TranslateFailuresAsync(context, next));
        api.UseRouting();
        routes.Map(api);
        return api;
    }

    private NodeSettings ReadSettings()
    {
        List<string> errors = [];
        if (!NodeName.TryParse(_options.NodeName, out NodeName? name, out string? error))
        {
            errors.Add($"--node-name: {error}");
        }

        if (!ClusterName.TryParse(_options.ClusterName, out ClusterName? cluster, out error))
        {
            errors.Add($"--cluster-name: {error}");
        }

        if (_options.PodCidr is { } ranges && _options.NodeIp.HasIPv6 != ranges.HasIPv6)
        {
            errors.Add(
                $"--node-ip {_options.NodeIp} and --pod-cidr {ranges}: IPv6 in one of them only (give it in both, or in neither)");
        }

        if (!StoreLocation.TryParse(_options.Store, out StoreLocation? store, out error))
        {
            errors.Add($"--store: {error}");
        }

        if (!PodCidrPool.TryParseAll(_options.ClusterPool, _options.ClusterPoolMask, out ImmutableArray<PodCidrPool> pools, out error))
        {
            errors.Add($"--cluster-pool: {error}");
        }

        return errors.Count > 0
            ? throw new AgentFailure($"read the options: {string.Join("; ", errors)}")
            : new NodeSettings
            {
                Name = name!,
                Cluster = cluster!,
                Address = _options.NodeIp.IPv4,
                Address6 = _options.NodeIp.IPv6,
                Device = _options.Device,
                PodCidr = _options.PodCidr is { } given ? PodCidr.Parse(given.IPv4.ToString()) : null,
                PodCidr6 = _options.PodCidr is { HasIPv6: true } both ? PodCidr.Parse(both.IPv6.ToString()) : null,
                Operator = _options.Operator
                    ? new OperatorSettings { Cluster = cluster!, Name = $"weft-agent of node {name}", Pools = pools }
                    : null,
                MasqueradeIPv4 = _options.Masquerade.IPv4,
                MasqueradeIPv6 = _options.Masquerade.IPv6,
                NativeCidrs = [.. _options.NativeCidrs],
                Policy = _options.Policy,
                NodePorts = _options.NodePorts,
                ServicesPastStack = _options.ServiceEncapsulation == AgentOptions.EncapsulateInBpf,
                TunnelPort = _options.TunnelPort,
                Store = store!,
                StateDirectory = _options.Paths.StateDirectory,
                BpfRoot = new BpfRoot(_options.Paths.BpfRoot),
                DeferredDeletions = DeferredDeletions.DirectoryOf(_options.Paths.Socket),
                Health = _options.Health,
                HealthInterval = _options.HealthInterval,
                CgroupRoot = CgroupRoot(),
                CriSocket = _options.CriSocket,
            };
    }

    private string? CgroupRoot() => _options.CgroupRoot switch
    {
        null => SocketAttachments.FindRootCgroup(),
        AgentOptions.NoCgroup => null,
        string path => path,
    };

    private SortedDictionary<string, string> DescribeOptions() => new(StringComparer.Ordinal)
    {
        ["bpf-root"] = _options.Paths.BpfRoot,
        ["cgroup-root"] = CgroupRoot() ?? AgentOptions.NoCgroup,
        ["cri-socket"] = _options.CriSocket ?? "none",
        ["cluster-name"] = _options.ClusterName,
        ["cluster-pool"] = _options.ClusterPool,
        ["cluster-pool-mask"] = _options.ClusterPoolMask.ToString(CultureInfo.InvariantCulture),
        ["device"] = _options.Device,
        ["enable-host-firewall"] = _options.Policy.HasHostFirewall ? "true" : "false",
        ["enable-policy"] = EnforcementText.Of(_options.Policy),
        ["health"] = _options.Health ? "true" : "false",
        ["health-interval"] = _options.HealthInterval is { } interval
            ? interval.TotalSeconds.ToString(CultureInfo.InvariantCulture)
            : "auto",
        ["masquerade"] = _options.Masquerade.ToString(),
        ["native-cidr"] = string.Join(',', _options.NativeCidrs),
        ["node-port-range"] = _options.NodePorts.ToString(),
        ["node-ip"] = _options.NodeIp.ToString(),
        ["node-name"] = _options.NodeName,
        ["operator"] = _options.Operator ? "true" : "false",
        ["policy-audit-mode"] = _options.Policy.IsAudited ? "true" : "false",
        ["pod-cidr"] = _options.PodCidr?.ToString() ?? "auto",
        ["service-encapsulation"] = _options.ServiceEncapsulation,
        ["socket"] = _options.Paths.Socket,
        ["state-dir"] = _options.Paths.StateDirectory,
        ["store"] = _options.Store,
        ["tunnel-port"] = _options.TunnelPort.ToString(CultureInfo.InvariantCulture),
    };

    private static async Task WaitForEndAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = cancellationToken.Register(ended.SetResult);
        await ended.Task.ConfigureAwait(false);
    }

    private static void ConfigureLogging(ILoggingBuilder builder, bool verbose)
    {
        builder.SetMinimumLevel(verbose ? LogLevel.Debug : LogLevel.Information);
        builder.AddFilter("Microsoft", LogLevel.Warning);
        builder.AddProvider(new LineLoggerProvider(Console.Error, TimeProvider.System));
    }

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "ready socket={Socket} pid={Pid}")]
    private partial void LogReady(string socket, int pid);

    [LoggerMessage(EventId = 3, Level = LogLevel.Information, Message = "ending; the datapath goes on forwarding")]
    private partial void LogEnding();
}
