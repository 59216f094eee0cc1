using Weft.Store.Tests.Contract;

namespace Weft.Store.Tests.Oracle;

public sealed class MemoryStoreContractTests : StoreContract
{
    private MemoryStore? _memory;

    protected override Task<IStore> OpenAsync() => Task.FromResult((_memory ??= new MemoryStore(Clock)).OpenClient());
}
