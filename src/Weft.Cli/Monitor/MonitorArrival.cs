using Weft.Events;

namespace Weft.Cli.Monitor;

/// <summary>A frame of one node's stream, or its end.</summary>
/// <param name="Error">Null: there is a frame.</param>
internal readonly record struct MonitorArrival(MonitorNode Node, MonitorFrame Frame, Exception? Error);
