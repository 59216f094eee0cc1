namespace Weft.Linux.Tests;

public sealed class FileIdentityTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("weft-identity-");

    private string One => Path.Combine(_directory.FullName, "one");

    private string Two => Path.Combine(_directory.FullName, "two");

    [Fact]
    public void A_file_stays_itself_when_it_is_written_and_moved()
    {
        File.WriteAllText(One, "a");
        FileIdentity? before = FileIdentity.Of(One);

        File.AppendAllText(One, "b");
        File.Move(One, Two);

        Assert.NotNull(before);
        Assert.Equal(before, FileIdentity.Of(Two));
        Assert.Null(FileIdentity.Of(One));
    }

    [Fact]
    public void Another_file_at_the_path_is_another()
    {
        File.WriteAllText(One, "a");
        File.WriteAllText(Two, "a");
        FileIdentity? before = FileIdentity.Of(One);

        File.Move(Two, One, overwrite: true);

        Assert.NotEqual(before, FileIdentity.Of(One));
    }

    [Fact]
    public void A_path_through_a_file_leads_nowhere()
    {
        File.WriteAllText(One, "a");

        Assert.Null(FileIdentity.Of(One + "/below"));
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
