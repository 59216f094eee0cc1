namespace Weft.Lab.State;

/// <summary>The etcd that a lab's nodes meet in.</summary>
/// <param name="Endpoint">As the nodes reach it.</param>
/// <param name="Pid">Null: it does not run.</param>
public sealed record EtcdReport(string Endpoint, int? Pid, string Log);
