using System.Text.Json.Serialization;
using Weft.Lab.State;

namespace Weft.Cli.Lab;

/// <summary>What the 'lab' commands print as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(LabReport))]
[JsonSerializable(typeof(LabReport[]))]
[JsonSerializable(typeof(List<string>))]
[JsonSerializable(typeof(List<PingReport>))]
[JsonSerializable(typeof(List<ManifestReport>))]
internal sealed partial class LabJson : JsonSerializerContext;
