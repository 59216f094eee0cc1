using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Weft.Abi;
using Weft.Bpf;
using Weft.Bpf.Maps;
using Weft.Datapath.Tracing;
using Weft.Netlink;
using Weft.Tests.Shared;

namespace Datapath;

/// <summary>Programs at functions of the kernel, where it has kprobe.multi; elsewhere the tracer says why there are none.</summary>
public sealed class FunctionProbeTests : IDisposable
{
    private const ushort Port = 40404;

    private readonly TestNamespace _netns = TestNamespace.Create();
    private readonly BpfMap _watched = BpfMap.Create(new BpfMapDefinition { Name = "watched", Type = BpfMapType.PerCpuArray, KeySize = 4, ValueSize = 4, MaxEntries = 1 });
    private readonly KernelSymbols _symbols = KernelSymbols.Read();

    public void Dispose()
    {
        _netns.Dispose();
        _watched.Dispose();
    }

    [KernelFact]
    public void A_datagram_is_told_of_by_every_function_that_it_passes_or_the_kernel_cannot_and_says_why()
    {
        using HopTracer tracer = Trace(new HopTracerOptions { Source = From(Port), Namespaces = [_netns.Handle.Inode], TunnelPort = 8472 });
        FunctionProbes probes = AttachAll(tracer, FunctionQuery.Parse(".*", allModules: true));

        SendDatagram();

        if (!KernelFeatures.HasKprobeMulti())
        {
            Assert.Equal(new FunctionCoverage(0, 0, 0, "the kernel has no kprobe.multi (CONFIG_FPROBE, kernel 5.18)"), probes.Coverage);
            Read(tracer, (head, _) => head.Point == HopPoint.Transmit);
            return;
        }

        Assert.True(probes.Coverage is { Fault: null, Attached: > 1000 } && probes.Coverage.Refused < probes.Coverage.Total / 10, probes.Coverage.ToString());
        List<string> functions = [];
        Read(tracer, (head, function) =>
        {
            functions.Add(function);
            return function == "udp_rcv";
        });
        Assert.Contains("ip_output", functions);
        Assert.Contains("loopback_xmit", functions);
        Assert.Contains("ip_rcv", functions);
        Assert.Equal(["ip_output", "loopback_xmit", "ip_rcv", "udp_rcv"], functions.Where(name => name is "ip_output" or "loopback_xmit" or "ip_rcv" or "udp_rcv").Distinct());
    }

    [KernelFact]
    public void Only_functions_that_were_asked_for_tell_and_of_followed_packets_only()
    {
        using HopTracer tracer = Trace(new HopTracerOptions
        {
            Source = From(Port), Namespaces = [_netns.Handle.Inode], TunnelPort = 8472, Points = [HopPoint.Function, HopPoint.Receive], Track = true,
        });
        FunctionProbes probes = AttachAll(tracer, FunctionQuery.Parse("ip_rcv|udp_rcv", allModules: false));

        SendDatagram(Port + 1);
        SendDatagram();

        List<string> functions = [];
        Read(tracer, (head, function) =>
        {
            functions.Add(function);
            return function == (KernelFeatures.HasKprobeMulti() ? "udp_rcv" : "receive");
        });
        Assert.Equal(KernelFeatures.HasKprobeMulti() ? ["receive", "ip_rcv", "udp_rcv"] : (string[])["receive"], functions);
        Assert.Equal(KernelFeatures.HasKprobeMulti() ? 2 : 0, probes.Coverage.Attached);
    }

    private static HopSource From(ushort port) => new(IPAddress.Loopback, (byte)ProtocolType.Udp, port);

    private HopTracer Trace(HopTracerOptions options) => new(new TracerSlots(_watched.AsPerCpu<uint, uint>()), _watched.AsPerCpu<uint, uint>(), options);

    private FunctionProbes AttachAll(HopTracer tracer, FunctionQuery query)
    {
        FunctionProbes probes = tracer.LoadFunctions(query, _symbols);
        while (probes.AttachMore())
        {
        }

        Assert.True(probes.Coverage.IsDone);
        return probes;
    }

    /// <summary>Over the loopback device, and received.</summary>
    private void SendDatagram(int port = Port) => _netns.Run(() =>
    {
        using RtNetlink netlink = RtNetlink.Open();
        netlink.Links.SetUp(netlink.Links.Get("lo").Index);
        using Socket receiver = Bind(0);
        using Socket sender = Bind(port);
        sender.SendTo("datagram"u8, receiver.LocalEndPoint!);
        receiver.Receive(new byte[16]);
        return true;
    });

    private static Socket Bind(int port)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000 };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }

    /// <summary>Until one is the last that is wanted.</summary>
    /// <param name="isLast">With the name of the function, or else of the point.</param>
    private void Read(HopTracer tracer, Func<HopHead, string, bool> isLast)
    {
        List<string> seen = [];
        Stopwatch clock = Stopwatch.StartNew();
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(30));
        try
        {
            while (true)
            {
                byte[]? record;
                while (!tracer.Records.TryRead(out record))
                {
                    tracer.Records.WaitAsync(deadline.Token).AsTask().GetAwaiter().GetResult();
                }

                HopHead head = MemoryMarshal.Read<HopHead>(record);
                string name = head.Point == HopPoint.Function ? _symbols.Find(head.Location) ?? "?" : head.Point.ToString().ToLowerInvariant();
                seen.Add(name);
                if (isLast(head, name))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"not seen within {clock.Elapsed.TotalSeconds:0} s; seen: {string.Join(", ", seen)}");
        }
    }
}
