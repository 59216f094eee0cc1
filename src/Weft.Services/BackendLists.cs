using System.Collections.Immutable;

namespace Weft.Services;

/// <summary>The backends of a frontend, by who may have them.</summary>
internal sealed record BackendLists(ImmutableArray<Backend> Internal, ImmutableArray<Backend> External, ImmutableArray<Backend> Retained);
