using System.Text.Json.Serialization;
using Weft.Model.Json;

namespace Weft.Model.Services;

/// <summary>How a connection from outside gets to a backend on another node.</summary>
[JsonConverter(typeof(WordJsonConverter<ForwardingMode>))]
public enum ForwardingMode
{
    /// <summary>With an address of this node as its source, so that the answer comes back through it.</summary>
    Snat,
    /// <summary>Direct server return: untouched, and the other node answers the client itself.</summary>
    Dsr,
}
