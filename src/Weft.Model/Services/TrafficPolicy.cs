using System.Text.Json.Serialization;
using Weft.Model.Json;

namespace Weft.Model.Services;

/// <summary>Which backends a node may choose.</summary>
[JsonConverter(typeof(WordJsonConverter<TrafficPolicy>))]
public enum TrafficPolicy
{
    /// <summary>Those on all nodes.</summary>
    Cluster,
    /// <summary>Those on the node itself.</summary>
    Local,
}
