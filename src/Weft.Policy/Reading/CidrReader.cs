using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Weft.Model.Addressing;
using Weft.Model.Yaml;
using Weft.Policy.Documents;

namespace Weft.Policy.Reading;

/// <summary>Reads networks and what is excepted of them.</summary>
internal sealed class CidrReader(PolicyText text)
{
    /// <summary>A section with `cidr` and `except`, as `ipBlock` and the entries of `fromCIDRSet`.</summary>
    /// <param name="path">Of the peer that the section is part of.</param>
    public CidrPeer? ReadBlock(FieldReader block, string path)
    {
        if (block.Value("cidr") is not { IsNull: false } value)
        {
            text.Report(block.Line, $"'{block.PathOf("cidr")}' is missing");
            return null;
        }

        IPNetwork? network = ReadNetwork(value, block.PathOf("cidr"), mayBeAddress: false);
        ImmutableArray<IPNetwork>.Builder except = ImmutableArray.CreateBuilder<IPNetwork>();
        foreach ((YamlValue item, string itemPath) in PolicyText.Items(block, "except") ?? [])
        {
            if (ReadNetwork(item, itemPath, mayBeAddress: false) is not { } part || network is null)
            {
                continue;
            }

            if (!network.Value.Covers(part))
            {
                text.Report(item, itemPath, $"is {part}, which is not in {network}");
            }

            except.Add(part);
        }

        return network is null ? null : new CidrPeer(path, text.LineOf(block), network.Value, except.ToImmutable());
    }

    /// <summary>Host bits are dropped, as every reader of these APIs does.</summary>
    public IPNetwork? ReadNetwork(YamlValue value, string path, bool mayBeAddress)
    {
        if (text.TextOf(value, path) is not { } written)
        {
            return null;
        }

        int slash = written.IndexOf('/', StringComparison.Ordinal);
        string base_ = slash < 0 ? written : written[..slash];
        if (AddressText.TryParse(base_, out IPAddress? address) && (slash >= 0 || mayBeAddress))
        {
            int longest = address.IsIPv6() ? 128 : 32;
            if (slash < 0)
            {
                return address.AsPrefix();
            }

            if (int.TryParse(written.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int length) && length <= longest)
            {
                return address.Within(length);
            }
        }

        text.Report(value, path, $"is '{FieldReader.Shown(written)}', no network (address and length, as in 10.0.1.0/24{(mayBeAddress ? ", or an address" : "")})");
        return null;
    }
}
