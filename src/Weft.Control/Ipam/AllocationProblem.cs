namespace Weft.Control.Ipam;

/// <summary>Something of a pod that is left without it, or is missing from it.</summary>
/// <param name="Subject">The address, device or endpoint that it is about.</param>
public sealed record AllocationProblem(AllocationProblemKind Kind, string Subject, string Message)
{
    /// <summary>Puts it right; it looks again before, as pods come and go.</summary>
    public required Func<Task> RepairAsync { get; init; }
}
