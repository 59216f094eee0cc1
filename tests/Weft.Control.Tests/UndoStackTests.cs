namespace Weft.Control.Tests;

public sealed class UndoStackTests
{
    [Fact]
    public async Task The_last_step_is_taken_back_first_and_a_failure_keeps_no_other_from_being()
    {
        List<string> done = [];
        List<string> failed = [];
        UndoStack undo = new();
        undo.Push("first", () => done.Add("first"));
        undo.Push("second", () => throw new IOException("no"));
        undo.Push("third", () => done.Add("third"));

        await undo.UnwindAsync((what, _) => failed.Add(what));

        Assert.Equal(["third", "first"], done);
        Assert.Equal(["second"], failed);
    }
}
