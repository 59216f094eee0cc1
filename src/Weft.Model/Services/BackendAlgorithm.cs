using System.Text.Json.Serialization;
using Weft.Model.Json;

namespace Weft.Model.Services;

/// <summary>How a backend is chosen for a new connection from outside.</summary>
[JsonConverter(typeof(WordJsonConverter<BackendAlgorithm>))]
public enum BackendAlgorithm
{
    Random,
    /// <summary>By a hash of the connection, over a table that is the same on all nodes and changes little with its backends.</summary>
    Maglev,
}
