using Weft.Store.Sqlite;
using Weft.Store.Tests.Contract;

namespace Weft.Store.Tests.Sqlite;

public sealed class SqliteStoreContractTests : StoreContract
{
    private readonly TemporaryFile _file = new();

    protected override async Task<IStore> OpenAsync() =>
        await SqliteStore.OpenAsync(new SqliteStoreOptions { Path = _file.Path, Clock = Clock }, Test);

    protected override void CleanUp() => _file.Dispose();
}
