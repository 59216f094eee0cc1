using Weft.Model.Services;

namespace Weft.Lab.Services;

/// <summary>What became of one object of a manifest.</summary>
public sealed record ManifestChange(ManifestKind Kind, ResourceName Name, ManifestResult Result);
