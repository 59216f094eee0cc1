using System.Text;
using Weft.Store.Etcd;
using Weft.Tests.Shared;

namespace Weft.Store.Tests.Etcd;

/// <summary>Users and certificates, checked by a real etcd.</summary>
public sealed class EtcdAccessTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("weft-etcd-access-");

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    private string UserFile => Path.Combine(_files.FullName, "user");

    public void Dispose() => _files.Delete(recursive: true);

    [Fact]
    public async Task A_user_does_what_its_role_permits_and_logs_in_again_after_a_restart()
    {
        await using EtcdServer etcd = await StartWithUsersAsync();
        WriteUser("weft:secret:with:colons");
        await using EtcdStore store = await OpenAsync($"etcd://{etcd.Endpoint}?user-file={UserFile}");

        await store.PutAsync(new StorePut("weft/state/a", Bytes("1")), Test);
        await store.ListAsync("weft/state/", Test);
        IAsyncEnumerator<StoreChange> watch = store.WatchAsync("weft/state/", Revision.Zero, Test).GetAsyncEnumerator(Test);
        Assert.True(await watch.MoveNextAsync());
        await watch.DisposeAsync();
        await using IStoreLease lease = await store.GrantLeaseAsync(TimeSpan.FromSeconds(5), Test);

        StoreException denied = await Assert.ThrowsAsync<StoreException>(
            () => store.PutAsync(new StorePut("elsewhere", Bytes("1")), Test));
        Assert.Contains("does not permit it (grant the user's role readwrite on the prefix 'weft/')", denied.Message, StringComparison.Ordinal);

        // It forgets the tokens that it gave.
        await etcd.KillAsync();
        await etcd.RunAsync();
        Assert.NotNull(await store.GetAsync("weft/state/a", Test));
    }

    [Fact]
    public async Task Without_a_user_or_with_a_wrong_password_the_error_says_what_to_do()
    {
        await using EtcdServer etcd = await StartWithUsersAsync();
        await using EtcdStore nobody = await OpenAsync($"etcd://{etcd.Endpoint}");
        StoreException missing = await Assert.ThrowsAsync<StoreException>(() => nobody.GetAsync("weft/a", Test));
        Assert.Contains("wants a user (give ?user-file=", missing.Message, StringComparison.Ordinal);

        WriteUser("weft:wrong");
        await using EtcdStore store = await OpenAsync($"etcd://{etcd.Endpoint}?user-file={UserFile}");
        StoreException wrong = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("weft/a", Test));
        Assert.Contains($"refuses the user or the password in {UserFile}", wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong)", wrong.Message, StringComparison.Ordinal);

        // The file is corrected; nobody restarts anything.
        WriteUser("weft:secret:with:colons");
        Assert.Null(await store.GetAsync("weft/a", Test));
    }

    [Fact]
    public async Task A_user_is_no_harm_where_etcd_has_none()
    {
        await using EtcdServer etcd = await EtcdServer.StartAsync();
        WriteUser("weft:secret");
        await using EtcdStore store = await OpenAsync($"etcd://{etcd.Endpoint}?user-file={UserFile}");

        Assert.Null(await store.GetAsync("weft/a", Test));
    }

    [Fact]
    public async Task Files_that_are_missing_open_to_all_or_something_else_are_refused_at_opening()
    {
        StoreException missing = await Assert.ThrowsAsync<StoreException>(() => OpenAsync($"etcd://a?user-file={UserFile}"));
        Assert.Contains(UserFile, missing.Message, StringComparison.Ordinal);

        WriteUser("weft:secret");
        File.SetUnixFileMode(UserFile, OwnerOnly | UnixFileMode.OtherRead);
        StoreException open = await Assert.ThrowsAsync<StoreException>(() => OpenAsync($"etcd://a?user-file={UserFile}"));
        Assert.Contains($"everybody may read it (chmod 600 {UserFile})", open.Message, StringComparison.Ordinal);

        File.SetUnixFileMode(UserFile, OwnerOnly);
        WriteUser("no colon");
        StoreException form = await Assert.ThrowsAsync<StoreException>(() => OpenAsync($"etcd://a?user-file={UserFile}"));
        Assert.Contains("not NAME:PASSWORD", form.Message, StringComparison.Ordinal);

        StoreException ca = await Assert.ThrowsAsync<StoreException>(() => OpenAsync($"etcds://a?cacert={UserFile}"));
        Assert.Contains("there is none in it", ca.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_sides_prove_who_they_are_and_renewed_files_are_read_again()
    {
        var ours = new TestCertificates(Path.Combine(_files.FullName, "ours"));
        var theirs = new TestCertificates(Path.Combine(_files.FullName, "theirs"));
        await using EtcdServer etcd = await EtcdServer.StartAsync(
            "https", "--cert-file", ours.ServerCert, "--key-file", ours.ServerKey, "--client-cert-auth", "--trusted-ca-file", ours.Ca);
        await using EtcdStore store = await OpenAsync($"etcds://{etcd.Endpoint}?cacert={ours.Ca}&cert={ours.ClientCert}&key={ours.ClientKey}");
        Assert.True((await store.PutAsync(new StorePut("a", Bytes("1")), Test)).Written);

        await using EtcdStore distrusts = await OpenAsync(
            $"etcds://{etcd.Endpoint}?cacert={theirs.Ca}&cert={ours.ClientCert}&key={ours.ClientKey}");
        StoreUnavailableException error = await Assert.ThrowsAsync<StoreUnavailableException>(() => distrusts.GetAsync("a", Test));
        Assert.Contains("TLS failed", error.Message, StringComparison.Ordinal);
        File.Copy(ours.Ca, theirs.Ca, overwrite: true);
        Assert.NotNull(await distrusts.GetAsync("a", Test));

        await using EtcdStore unknown = await OpenAsync(
            $"etcds://{etcd.Endpoint}?cacert={ours.Ca}&cert={theirs.ClientCert}&key={theirs.ClientKey}");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => unknown.GetAsync("a", Test));
        File.Copy(ours.ClientCert, theirs.ClientCert, overwrite: true);
        File.Copy(ours.ClientKey, theirs.ClientKey, overwrite: true);
        Assert.NotNull(await unknown.GetAsync("a", Test));

        await using EtcdStore plain = await OpenAsync($"etcd://{etcd.Endpoint}");
        error = await Assert.ThrowsAsync<StoreUnavailableException>(() => plain.GetAsync("a", Test));
        Assert.Contains("one that speaks TLS needs etcds://", error.Message, StringComparison.Ordinal);
    }

    private static async Task<EtcdServer> StartWithUsersAsync()
    {
        EtcdServer etcd = await EtcdServer.StartAsync();
        etcd.Ctl("user", "add", "root:root");
        etcd.Ctl("user", "grant-role", "root", "root");
        etcd.Ctl("user", "add", "weft:secret:with:colons");
        etcd.Ctl("role", "add", "weft");
        etcd.Ctl("role", "grant-permission", "weft", "--prefix=true", "readwrite", "weft/");
        etcd.Ctl("user", "grant-role", "weft", "weft");
        etcd.Ctl("auth", "enable");
        return etcd;
    }

    private void WriteUser(string line)
    {
        File.WriteAllText(UserFile, line + "\n");
        File.SetUnixFileMode(UserFile, OwnerOnly);
    }

    private static async Task<EtcdStore> OpenAsync(string text)
    {
        Assert.True(EtcdLocation.TryParse(text, out EtcdLocation? location, out string? error), error);
        return await EtcdStore.OpenAsync(new EtcdStoreOptions { Location = location }, Test);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
