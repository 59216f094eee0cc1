using System.Text.Json.Serialization;
using Weft.Cli.Capture;
using Weft.Cli.Cni;
using Weft.Cli.Maps;
using Weft.Cli.Maps.Policy;
using Weft.Cli.Maps.Services;
using Weft.Cli.Policies;
using Weft.Cli.Trace;
using Weft.Cli.Version;

namespace Weft.Cli.Output;

/// <summary>Source-generated JSON of what the command line prints beside the API's documents.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BackendMapRow[]))]
[JsonSerializable(typeof(CaptureLine))]
[JsonSerializable(typeof(ConntrackRow[]))]
[JsonSerializable(typeof(EndpointMapRow[]))]
[JsonSerializable(typeof(InstallReport))]
[JsonSerializable(typeof(IpcacheRow[]))]
[JsonSerializable(typeof(KernelDocument))]
[JsonSerializable(typeof(MaglevRow[]))]
[JsonSerializable(typeof(MetricsRow[]))]
[JsonSerializable(typeof(NatRow[]))]
[JsonSerializable(typeof(NodeMapRow[]))]
[JsonSerializable(typeof(PolicyCheck[]))]
[JsonSerializable(typeof(PolicyMapRow[]))]
[JsonSerializable(typeof(ServiceMapRow[]))]
[JsonSerializable(typeof(SourceRangeRow[]))]
[JsonSerializable(typeof(TraceDocument))]
[JsonSerializable(typeof(VersionReport))]
internal sealed partial class CliJson : JsonSerializerContext;
