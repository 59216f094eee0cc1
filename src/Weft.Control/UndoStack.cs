namespace Weft.Control;

/// <summary>What takes back the steps done so far, the last first.</summary>
/// <remarks>A step that cannot be taken back is reported and does not keep the others from being.</remarks>
internal sealed class UndoStack
{
    private readonly Stack<(string What, Func<Task> Undo)> _steps = new();

    public void Push(string what, Action undo) => Push(what, () =>
    {
        undo();
        return Task.CompletedTask;
    });

    public void Push(string what, Func<Task> undo) => _steps.Push((what, undo));

    public async Task UnwindAsync(Action<string, Exception> report)
    {
        while (_steps.TryPop(out (string What, Func<Task> Undo) step))
        {
            try
            {
                await step.Undo().ConfigureAwait(false);
            }
            catch (Exception error) // each step's edge: the others must still run
            {
                report(step.What, error);
            }
        }
    }
}
