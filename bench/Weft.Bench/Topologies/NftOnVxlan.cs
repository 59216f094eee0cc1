using System.Diagnostics;
using System.Net;
using Weft.Netlink.Addresses;

namespace Weft.Bench.Topologies;

/// <summary>The kernel's VXLAN with nftables on the near node doing what kube-proxy and a masquerading network plugin would ask of it.</summary>
/// <remarks>One rule each, so that nftables is measured, not the walk through a list of rules.</remarks>
internal sealed class NftOnVxlan : KernelVxlan
{
    private const int NodePort = 30080;
    private const int BackendPort = 8080;

    public NftOnVxlan() : base("nft")
    {
        try
        {
            // What is masqueraded into the overlay takes the device's address: as with flannel, the first of the node's pods', which the other node answers to.
            NearNode.Netlink.Addresses.Add(new InterfaceAddress
            {
                Device = NearNode.Netlink.Links.Get(Device).Index,
                Address = NearNode.Spec.PodNetwork.BaseAddress,
                PrefixLength = 32,
            });
            Load($$"""
                table ip bench {
                    chain prerouting {
                        type nat hook prerouting priority dstnat;
                        ip daddr {{NearNode.Spec.Address}} meta l4proto { tcp, udp } th dport {{NodePort}} dnat to {{FarNode.Pods[0].Address}}:{{BackendPort}}
                    }
                    chain postrouting {
                        type nat hook postrouting priority srcnat;
                        oifname "{{Device}}" ct status dnat masquerade
                        oifname "ens3" ip saddr {{NearNode.Spec.PodNetwork}} masquerade
                    }
                }
                """);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public override string Name => "nftables";

    /// <summary>From outside to a port of the near node, whose backend is on the far one.</summary>
    public PodPair FromOutside => new(Outside.Namespace, FarNode.Pods[0].Namespace, FarNode.Pods[0].Address)
    {
        ServerPort = BackendPort,
        Front = new IPEndPoint(NearNode.Spec.Address, NodePort),
    };

    private void Load(string rules) => NearNode.Namespace.Run(() =>
    {
        using Process process = Process.Start(new ProcessStartInfo("nft", ["-f", "-"]) { RedirectStandardInput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException("start nft: no process");
        process.StandardInput.Write(rules);
        process.StandardInput.Close();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"load the baseline's rules with nft: exit code {process.ExitCode}: {error}");
        }
    });
}
