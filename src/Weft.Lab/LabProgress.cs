namespace Weft.Lab;

/// <summary>How far one kind of work on a lab has come; sent once when it begins, and after each piece.</summary>
/// <param name="Work">Such as "agents".</param>
public readonly record struct LabProgress(string Work, int Done, int Total)
{
    public bool IsDone => Done == Total;
}
