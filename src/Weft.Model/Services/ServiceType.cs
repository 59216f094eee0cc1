using System.Text.Json.Serialization;
using Weft.Model.Json;

namespace Weft.Model.Services;

/// <summary>How far a service can be reached; each of the first three includes the one before.</summary>
[JsonConverter(typeof(WordJsonConverter<ServiceType>))]
public enum ServiceType
{
    ClusterIP,
    NodePort,
    LoadBalancer,
    /// <summary>An alias in DNS: there is nothing to balance.</summary>
    ExternalName,
}
