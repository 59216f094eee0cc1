using Weft.Services;

namespace Weft.Control.Services;

/// <summary>What the datapath's tables of services have.</summary>
public sealed record ServiceMapContent(IReadOnlyList<FrontendEntry> Frontends, IReadOnlyDictionary<uint, Backend> Backends);
