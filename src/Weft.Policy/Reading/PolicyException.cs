using System.Collections.Immutable;
using Weft.Model.Yaml;

namespace Weft.Policy.Reading;

/// <summary>Policy documents that cannot be used. The message lists everything that is wrong with them, a line each.</summary>
public sealed class PolicyException : Exception
{
    public PolicyException(string source, IEnumerable<DocumentError> errors)
        : this(source, [.. errors.OrderBy(error => error.Line)])
    {
    }

    private PolicyException(string source, ImmutableArray<DocumentError> errors)
        : base($"read policies {source}: {(errors.Length == 1 ? "1 error" : $"{errors.Length} errors")}"
            + string.Concat(errors.Select(error => $"\n  {source}:{error.Line}: {error.Message}")))
    {
        Errors = errors;
    }

    /// <summary>In the order of their lines.</summary>
    public ImmutableArray<DocumentError> Errors { get; }
}
