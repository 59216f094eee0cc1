using Weft.Linux;

namespace Weft.Datapath.Devices;

/// <summary>Indexes of <see cref="HostDevices.Host"/> and <see cref="HostDevices.Net"/>.</summary>
public readonly record struct HostPair(IfIndex Host, IfIndex Net);
