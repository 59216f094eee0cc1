using System.Net;
using Weft.Abi;
using Weft.Datapath.Services;
using Weft.Model.Services;
using Weft.Services;

namespace Weft.Control.Services;

/// <summary>The tables of the kernel.</summary>
public sealed class DatapathServiceMaps(ServiceEntries entries) : IServiceMaps
{
    /// <summary>A backend is none any more, so flows that remember its number have to forget it.</summary>
    public event Action<uint>? BackendRemoved;

    public ServiceMapContent Adopt()
    {
        ServiceSnapshot snapshot = entries.Adopt();
        return new ServiceMapContent(
            [.. snapshot.Services.Select(EntryOf)],
            snapshot.Backends.ToDictionary(backend => backend.Key, backend => BackendOf(backend.Value)));
    }

    public void PutFrontend(FrontendEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Write(() => entries.Put(new ServiceEntry
        {
            Key = KeyOf(entry.Key),
            Id = entry.Id,
            Flags = entry.Flags,
            AffinityTimeout = entry.AffinitySeconds,
            Internal = entry.Internal,
            External = entry.External,
        }));
    }

    public void RemoveFrontend(FrontendKey key) => Write(() => entries.Remove(KeyOf(key)));

    public void PutBackend(uint id, Backend backend) => Write(() => entries.PutBackend(id, ValueOf(backend)));

    public void RemoveBackend(uint id)
    {
        Write(() => entries.RemoveBackend(id));
        BackendRemoved?.Invoke(id);
    }

    public void PutMaglev(uint frontend, ReadOnlySpan<uint> backends)
    {
        uint[] table = backends.ToArray();
        Write(() => entries.PutMaglev(frontend, table));
    }

    public void RemoveMaglev(uint frontend) => Write(() => entries.RemoveMaglev(frontend));

    public void SetSourceRanges(uint frontend, IReadOnlyCollection<IPNetwork> ranges) =>
        Write(() => entries.SetSourceRanges(frontend, ranges));

    public void ForgetAffinities(Func<uint, uint, bool> isStale) => Write(() => entries.ForgetAffinities(isStale));

    public void Settle() => entries.Settle();

    /// <summary>The backend as the datapath has it.</summary>
    public static BackendValue ValueOf(Backend backend) => new()
    {
        Addr = WeftAddress.From(backend.Address),
        Port = backend.Port,
        Proto = (byte)backend.Protocol,
    };

    private static void Write(Action write)
    {
        try
        {
            write();
        }
        catch (ServiceEntryException refusal)
        {
            throw new ServiceMapException(refusal.Message, refusal.IsFull, refusal);
        }
    }

    private static ServiceKey KeyOf(FrontendKey key) => new()
    {
        Addr = WeftAddress.From(key.Address),
        Port = key.Port,
        Proto = (byte)key.Protocol,
    };

    private static FrontendEntry EntryOf(ServiceEntry entry) => new(
        new FrontendKey(entry.Key.Addr.ToIPAddress(), entry.Key.Port, (TransportProtocol)entry.Key.Proto),
        entry.Id, entry.Flags, entry.AffinityTimeout, entry.Internal, entry.External);

    private static Backend BackendOf(BackendValue backend) =>
        new(backend.Addr.ToIPAddress(), backend.Port, (TransportProtocol)backend.Proto);
}
