using System.Collections.Immutable;
using Weft.Model.Yaml;

namespace Weft.Lab.Topology;

/// <summary>A topology that cannot be built. The message lists everything that is wrong with it, a line each.</summary>
public sealed class TopologyException : Exception
{
    public TopologyException(string source, IEnumerable<DocumentError> errors)
        : this(source, [.. errors.OrderBy(error => error.Line)])
    {
    }

    private TopologyException(string source, ImmutableArray<DocumentError> errors)
        : base($"read topology {source}: {Count(errors.Length)}{string.Concat(errors.Select(error => $"\n  {source}:{error.Line}: {error.Message}"))}")
    {
        Errors = errors;
    }

    /// <summary>In the order of their lines.</summary>
    public ImmutableArray<DocumentError> Errors { get; }

    private static string Count(int errors) => errors == 1 ? "1 error" : $"{errors} errors";
}
