using System.Collections.Immutable;
using Weft.Model.Yaml;

namespace Weft.Model.Services.Manifests;

/// <summary>Manifests that cannot be used. The message lists everything that is wrong with them, a line each.</summary>
public sealed class ManifestException : Exception
{
    public ManifestException(string source, IEnumerable<DocumentError> errors)
        : this(source, [.. errors.OrderBy(error => error.Line)])
    {
    }

    private ManifestException(string source, ImmutableArray<DocumentError> errors)
        : base($"read manifests {source}: {(errors.Length == 1 ? "1 error" : $"{errors.Length} errors")}"
            + string.Concat(errors.Select(error => $"\n  {source}:{error.Line}: {error.Message}")))
    {
        Errors = errors;
    }

    /// <summary>In the order of their lines.</summary>
    public ImmutableArray<DocumentError> Errors { get; }
}
