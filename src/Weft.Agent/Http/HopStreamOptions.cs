using Weft.Datapath.Tracing;
using Weft.Model.Endpoints;

namespace Weft.Agent.Http;

/// <summary>What one client asked for, beside which packets.</summary>
/// <param name="Id">Names the stream where it is ended.</param>
/// <param name="HasStacks">Records come with the kernel's stack.</param>
/// <param name="Pods">Whose namespaces alone are looked at; null: the node's and those of all pods.</param>
/// <param name="Devices">Of pods, to listen on; none: those that the runtime made.</param>
/// <param name="Functions">Functions of the kernel that are to tell too; null: none.</param>
internal sealed record HopStreamOptions(
    string Id, bool HasStacks, Func<EndpointRecord, bool>? Pods, IReadOnlyCollection<string> Devices, FunctionQuery? Functions);
