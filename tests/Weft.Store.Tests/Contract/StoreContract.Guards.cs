namespace Weft.Store.Tests.Contract;

public abstract partial class StoreContract
{
    [Fact]
    public async Task A_guarded_write_happens_while_its_guard_is_the_same_key_whatever_is_in_it()
    {
        StoreEntry leader = await PutAsync("leader", "me");
        StoreGuard guard = new("leader", leader.Created);
        await PutAsync("leader", "still me");

        Assert.True((await Store.PutAsync(new StorePut(Nodes + "a", Bytes("1")) { Guard = guard }, Test)).Written);
        Assert.False((await Store.PutAsync(
            new StorePut(Nodes + "a", Bytes("2")) { Guard = guard, Condition = PutCondition.Absent }, Test)).Written);
        Assert.False(await Store.DeleteAsync(Nodes + "b", expected: null, guard, Test));
        Assert.True(await Store.DeleteAsync(Nodes + "a", expected: null, guard, Test));
    }

    [Fact]
    public async Task A_guarded_write_fails_when_the_guard_is_gone_or_another_and_changes_nothing()
    {
        StoreEntry leader = await PutAsync("leader", "me");
        StoreEntry a = await PutAsync(Nodes + "a", "1");
        GuardedStore guarded = new(Store, new StoreGuard("leader", leader.Created));
        await Store.DeleteAsync("leader", expected: null, Test);

        for (int round = 0; round < 2; round++)
        {
            await Assert.ThrowsAsync<StoreGuardException>(() => guarded.PutAsync(new StorePut(Nodes + "a", Bytes("2")), Test));
            await Assert.ThrowsAsync<StoreGuardException>(() => guarded.PutAsync(
                new StorePut(Nodes + "a", Bytes("2")) { Condition = PutCondition.At(a.Modified) }, Test));
            await Assert.ThrowsAsync<StoreGuardException>(() => guarded.PutAsync(
                new StorePut(Nodes + "b", Bytes("2")) { Condition = PutCondition.Absent }, Test));
            await Assert.ThrowsAsync<StoreGuardException>(() => guarded.DeleteAsync(Nodes + "a", expected: null, Test));
            await PutAsync("leader", "another");
        }

        Assert.Equal("1", Text(await Store.GetAsync(Nodes + "a", Test)));
        Assert.Null(await Store.GetAsync(Nodes + "b", Test));
    }
}
