namespace Weft.Linux.Tests;

public sealed class FileLockTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("weft-linux-locks-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Second_holder_waits_until_the_first_is_done()
    {
        string path = Path.Combine(_directory.FullName, "lock");
        FileLock first = FileLock.Acquire(path);

        Assert.Null(FileLock.TryAcquire(path));
        first.Dispose();
        using FileLock? second = FileLock.TryAcquire(path);
        Assert.NotNull(second);
    }

    [Fact]
    public void Directory_can_be_locked()
    {
        using FileLock held = FileLock.Acquire(_directory.FullName);

        Assert.Null(FileLock.TryAcquire(_directory.FullName));
    }

    [Fact]
    public void Place_that_is_not_there_is_told() =>
        Assert.Equal(
            Errno.ENOENT,
            Assert.Throws<LinuxException>(() => FileLock.Acquire("/nowhere/lock")).Errno);
}
