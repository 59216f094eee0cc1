using System.Globalization;

namespace Weft.Datapath.Tracing;

/// <summary>Names of the functions of the running kernel and of the programs in it, by address.</summary>
/// <remarks>A snapshot of <c>/proc/kallsyms</c>: what is loaded later is not in it. Immutable. Reading it takes about 100 ms.</remarks>
public sealed class KernelSymbols
{
    private readonly ulong[] _addresses;
    private readonly string[] _names;

    private KernelSymbols(ulong[] addresses, string[] names)
    {
        _addresses = addresses;
        _names = names;
    }

    /// <summary>Without the right to see addresses (<c>kptr_restrict</c>), all are zero and no name is found.</summary>
    public static KernelSymbols Read() => Parse(File.ReadLines("/proc/kallsyms"));

    /// <param name="lines">In the form of <c>/proc/kallsyms</c>: address, type, name, perhaps module.</param>
    public static KernelSymbols Parse(IEnumerable<string> lines)
    {
        List<(ulong Address, string Name)> found = [];
        foreach (string line in lines)
        {
            ReadOnlySpan<char> rest = line;
            int space = rest.IndexOf(' ');
            if (space <= 0 || rest.Length < space + 4 || char.ToLowerInvariant(rest[space + 1]) is not ('t' or 'w')
                || !ulong.TryParse(rest[..space], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong address) || address == 0)
            {
                continue;
            }

            ReadOnlySpan<char> name = rest[(space + 3)..];
            int end = name.IndexOfAny(' ', '\t');
            found.Add((address, (end < 0 ? name : name[..end]).ToString()));
        }

        found.Sort(static (one, other) => one.Address.CompareTo(other.Address));
        return new KernelSymbols([.. found.Select(entry => entry.Address)], [.. found.Select(entry => entry.Name)]);
    }

    /// <summary>Addresses of the functions whose name no other has.</summary>
    public IReadOnlyDictionary<string, ulong> UniqueAddresses()
    {
        Dictionary<string, ulong> addresses = new(_names.Length);
        for (int index = 0; index < _names.Length; index++)
        {
            if (!addresses.TryAdd(_names[index], _addresses[index]) && addresses[_names[index]] != _addresses[index])
            {
                addresses[_names[index]] = 0;
            }
        }

        foreach (string name in addresses.Where(entry => entry.Value == 0).Select(entry => entry.Key).ToList())
        {
            addresses.Remove(name);
        }

        return addresses;
    }

    /// <summary>The function that an address is in; null: none is known.</summary>
    public string? Find(ulong address)
    {
        int index = Array.BinarySearch(_addresses, address);
        index = index < 0 ? ~index - 1 : index;
        return index >= 0 ? _names[index] : null;
    }
}
