namespace Weft.Agent.Policies;

/// <summary>What a flow is to.</summary>
/// <param name="Port">Of <paramref name="End"/> itself; of ICMP the type.</param>
/// <param name="Service">What the client calls, where that is a service.</param>
internal sealed record PolicyTarget(PolicyEnd End, ushort Port, string? Service = null);
