using System.Diagnostics;
using Weft.Tests.Shared;

namespace Weft.Linux.Tests;

[Collection(SerialTests.Name)]
public class NetworkNamespaceTests
{
    [KernelFact]
    public void Created_namespace_is_seen_by_ip_netns_and_gone_after_deletion()
    {
        string name;
        using (TestNamespace created = TestNamespace.Create())
        {
            name = created.Name;
            Assert.Contains(name, Tool.Run("ip", "netns", "list"));
            Assert.Contains("lo", created.Exec("ip", "link"));
        }

        Assert.DoesNotContain(name, Tool.Run("ip", "netns", "list"));
        Assert.False(NetworkNamespace.Exists(name));
        Assert.False(NetworkNamespace.Delete(name));
    }

    [KernelFact]
    public void Directory_of_names_is_a_shared_mount()
    {
        using TestNamespace created = TestNamespace.Create();

        string mount = Tool.Run("findmnt", "-n", "-o", "PROPAGATION", NetworkNamespace.Directory);

        Assert.Equal("shared", mount.Trim());
    }

    [KernelFact]
    public void Run_is_inside_and_the_caller_stays_outside()
    {
        using TestNamespace created = TestNamespace.Create();
        using NetworkNamespace before = NetworkNamespace.OpenCurrent();

        ulong inside = created.Run(CurrentInode);

        Assert.Equal(created.Handle.Inode, inside);
        Assert.NotEqual(before.Inode, inside);
        Assert.Equal(before.Inode, CurrentInode());
    }

    [KernelFact]
    public async Task Pool_threads_stay_outside_while_many_runs_are_inside()
    {
        using TestNamespace created = TestNamespace.Create();
        ulong outside = CurrentInode();

        ulong[] inside = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => created.Handle.RunAsync(CurrentInode)));
        ulong[] pool = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(CurrentInode)));

        Assert.All(inside, inode => Assert.Equal(created.Handle.Inode, inode));
        Assert.All(pool, inode => Assert.Equal(outside, inode));
    }

    [KernelFact]
    public void Exception_of_the_body_arrives_with_its_own_type()
    {
        using TestNamespace created = TestNamespace.Create();

        Assert.Throws<FormatException>(() => created.Run(() => throw new FormatException()));
    }

    [KernelFact]
    public void Each_namespace_has_a_cookie_of_its_own()
    {
        using NetworkNamespace one = NetworkNamespace.CreateAnonymous();
        using NetworkNamespace other = NetworkNamespace.CreateAnonymous();

        ulong? cookie = one.Run(NetworkNamespace.ReadCurrentCookie);

        Assert.Equal(KernelVersion.Current >= new KernelVersion(5, 14), cookie is not null);
        Assert.Equal(cookie, one.Run(NetworkNamespace.ReadCurrentCookie));
        Assert.True(cookie is null || cookie != other.Run(NetworkNamespace.ReadCurrentCookie));
    }

    [KernelFact]
    public void Async_body_is_refused()
    {
        using TestNamespace created = TestNamespace.Create();

        Func<Task> asynchronous = async () => await Task.Yield();

        void RunIt() => created.Run(asynchronous);
        Assert.Throws<ArgumentException>(RunIt);
    }

    [KernelFact]
    public void Name_that_exists_is_refused_and_left_alone()
    {
        using TestNamespace created = TestNamespace.Create();

        LinuxException refused = Assert.Throws<LinuxException>(() => NetworkNamespace.Create(created.Name));

        Assert.Equal(Errno.EEXIST, refused.Errno);
        Assert.Equal($"create network namespace {created.Path}: File exists (errno 17)", refused.Message);
        Assert.True(NetworkNamespace.Exists(created.Name));
    }

    [KernelFact]
    public void File_that_is_no_namespace_is_refused()
    {
        string path = Path.GetTempFileName();
        try
        {
            LinuxException refused = Assert.Throws<LinuxException>(() => NetworkNamespace.Open(path));

            Assert.EndsWith("(the file is not a network namespace)", refused.Message);
            Assert.False(NetworkNamespace.Exists(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [KernelFact]
    public void Anonymous_namespace_opens_by_nothing_but_its_descriptor()
    {
        using NetworkNamespace anonymous = NetworkNamespace.CreateAnonymous();

        Assert.Null(anonymous.Path);
        Assert.Equal(anonymous.Inode, anonymous.Run(CurrentInode));
        Assert.NotEqual(anonymous.Inode, CurrentInode());
    }

    [KernelFact]
    public void Program_started_inside_runs_inside_with_its_pipes()
    {
        using TestNamespace created = TestNamespace.Create();
        ProcessStartInfo start = new("readlink", ["/proc/self/ns/net"]) { RedirectStandardOutput = true };

        using Process process = created.Run(() => Process.Start(start)!);

        Assert.Equal($"net:[{created.Handle.Inode}]", process.StandardOutput.ReadToEnd().Trim());
        process.WaitForExit();
    }

    [KernelFact]
    public void Namespace_of_a_process_is_found_by_its_pid()
    {
        using NetworkNamespace own = NetworkNamespace.OpenProcess(Environment.ProcessId);

        Assert.Equal(CurrentInode(), own.Inode);
    }

    [KernelFact]
    public void Nothing_leaks_descriptors()
    {
        Leaks.NoDescriptors(() =>
        {
            using TestNamespace created = TestNamespace.Create();
            created.Run(CurrentInode);
            Assert.Throws<LinuxException>(() => NetworkNamespace.Create(created.Name));
        });
        Leaks.NoTestNamespaces();
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData(".")]
    public void Name_that_is_half_a_path_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => NetworkNamespace.Open(name));

    private static ulong CurrentInode()
    {
        using NetworkNamespace current = NetworkNamespace.OpenCurrent();
        return current.Inode;
    }
}
