using Weft.Bpf.Btf;

namespace Weft.Datapath.Tracing;

/// <summary>What the running kernel calls its reasons to drop a packet: they differ from version to version.</summary>
public static class KernelDropReasons
{
    private const string Prefix = "SKB_DROP_REASON_";
    private const string Btf = "/sys/kernel/btf/vmlinux";

    /// <summary>Numbers and names (<c>NETFILTER_DROP</c>); empty where the kernel has no type information of itself, or is older than 5.17.</summary>
    public static IReadOnlyDictionary<uint, string> Read()
    {
        if (!File.Exists(Btf))
        {
            return new Dictionary<uint, string>();
        }

        BtfEnumType? reasons = BtfData.Parse(File.ReadAllBytes(Btf)).FindEnum("skb_drop_reason");
        Dictionary<uint, string> names = [];
        foreach ((string name, long value) in reasons?.Values ?? [])
        {
            if (name.StartsWith(Prefix, StringComparison.Ordinal))
            {
                names.TryAdd((uint)value, name[Prefix.Length..]);
            }
        }

        return names;
    }
}
