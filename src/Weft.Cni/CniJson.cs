using System.Text.Json.Serialization;
using Weft.Cni.Protocol;
using Weft.Cni.Results;

namespace Weft.Cni;

/// <summary>Source-generated JSON of what the plugin reads and writes. Absent values are left out.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(NetworkConfig))]
[JsonSerializable(typeof(IReadOnlyList<ValidAttachment>), TypeInfoPropertyName = "ValidAttachmentList")]
[JsonSerializable(typeof(AddResult))]
[JsonSerializable(typeof(ErrorResult))]
[JsonSerializable(typeof(VersionResult))]
internal sealed partial class CniJson : JsonSerializerContext;
