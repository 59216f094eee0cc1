using Weft.Abi;

namespace Weft.Datapath.Services;

/// <summary>What the maps had of services when they were adopted: the ids to go on with.</summary>
/// <param name="Services">Frontends whose lists are whole. One that lacks slots is not among them and is written anew when it is put.</param>
/// <param name="Backends">By id.</param>
/// <param name="Removed">Slots, ranges and tables that no frontend referred to and that are gone now.</param>
public sealed record ServiceSnapshot(
    IReadOnlyList<ServiceEntry> Services, IReadOnlyDictionary<uint, BackendValue> Backends, int Removed);
