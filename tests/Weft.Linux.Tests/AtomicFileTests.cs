namespace Weft.Linux.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("weft-linux-files-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Content_is_replaced_and_nothing_else_stays()
    {
        string path = Path.Combine(_directory.FullName, "state.json");

        AtomicFile.Write(path, "old and long"u8);
        AtomicFile.Write(path, "new"u8);

        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_directory.FullName));
    }

    [Fact]
    public void Only_the_owner_may_read_it_even_where_the_old_one_was_open_to_all()
    {
        string path = Path.Combine(_directory.FullName, "secret");
        File.WriteAllText(path, "");
        File.SetUnixFileMode(path, (UnixFileMode)0b110_100_100);

        AtomicFile.Write(path, "x"u8);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public async Task Reader_sees_one_content_or_the_other()
    {
        string path = Path.Combine(_directory.FullName, "state");
        byte[][] contents = [[.. Enumerable.Repeat((byte)1, 10_000)], [.. Enumerable.Repeat((byte)2, 20_000)]];
        AtomicFile.Write(path, contents[0]);
        using CancellationTokenSource done = new();
        Task writer = Task.Run(() =>
        {
            for (int round = 0; round < 50; round++)
            {
                AtomicFile.Write(path, contents[round % 2]);
            }

            done.Cancel();
        });

        while (!done.IsCancellationRequested)
        {
            byte[] read = File.ReadAllBytes(path);
            Assert.Equal(contents[read[0] - 1], read);
        }

        await writer.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Failure_leaves_the_old_content_and_names_the_file()
    {
        string path = Path.Combine(_directory.FullName, "taken");
        Directory.CreateDirectory(path);

        IOException refused = Assert.Throws<IOException>(() => AtomicFile.Write(path, "x"u8));

        Assert.StartsWith($"write {path}: ", refused.Message, StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFileSystemEntries(_directory.FullName));
    }

    [Fact]
    public void Deletion_tells_whether_there_was_one()
    {
        string path = Path.Combine(_directory.FullName, "x");
        AtomicFile.Write(path, []);

        Assert.True(AtomicFile.Delete(path));
        Assert.False(AtomicFile.Delete(path));
    }
}
