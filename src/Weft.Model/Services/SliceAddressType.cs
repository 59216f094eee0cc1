using System.Text.Json.Serialization;
using Weft.Model.Json;

namespace Weft.Model.Services;

/// <summary>Family of a slice's addresses. Kubernetes' third, FQDN, is nothing that packets can be sent to.</summary>
[JsonConverter(typeof(WordJsonConverter<SliceAddressType>))]
public enum SliceAddressType
{
    IPv4,
    IPv6,
}
