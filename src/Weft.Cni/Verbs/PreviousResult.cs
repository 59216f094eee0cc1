using System.Text.Json;
using Weft.Cni.Protocol;
using Weft.Cni.Results;

namespace Weft.Cni.Verbs;

/// <summary>The result that a configuration carries.</summary>
internal static class PreviousResult
{
    /// <returns>Null: it carries none.</returns>
    public static AddResult? Read(NetworkConfig config) =>
        config.PreviousResult.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null
            ? null
            : NetworkConfigReader.DecodePart(config.PreviousResult, "prevResult", CniJson.Default.AddResult);
}
