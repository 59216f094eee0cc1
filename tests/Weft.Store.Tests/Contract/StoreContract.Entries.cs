namespace Weft.Store.Tests.Contract;

public abstract partial class StoreContract
{
    [Fact]
    public async Task A_missing_key_is_null()
    {
        Assert.Null(await Store.GetAsync(Nodes + "bpf1", Test));
    }

    [Fact]
    public async Task A_put_is_read_back_by_every_client()
    {
        IStore other = await OpenClientAsync();

        StoreEntry written = await PutAsync(Nodes + "bpf1", "one");

        StoreEntry? read = await other.GetAsync(Nodes + "bpf1", Test);
        Assert.Equal("one", Text(read));
        Assert.Equal(written.Modified, read!.Modified);
        Assert.Equal(written.Created, read.Created);
    }

    [Fact]
    public async Task An_empty_value_is_a_value()
    {
        await PutAsync(Nodes + "bpf1", "");

        Assert.Equal(0, (await Store.GetAsync(Nodes + "bpf1", Test))!.Value.Length);
    }

    [Fact]
    public async Task Overwriting_keeps_the_creation_and_moves_the_modification()
    {
        StoreEntry first = await PutAsync(Nodes + "bpf1", "one");
        StoreEntry second = await PutAsync(Nodes + "bpf1", "two");

        Assert.Equal(first.Created, second.Created);
        Assert.True(second.Modified > first.Modified);
    }

    [Fact]
    public async Task Create_only_fails_on_an_existing_key_and_shows_it()
    {
        await PutAsync(Nodes + "bpf1", "one");

        PutResult result = await Store.PutAsync(
            new StorePut(Nodes + "bpf1", Bytes("two")) { Condition = PutCondition.Absent }, Test);

        Assert.False(result.Written);
        Assert.Equal("one", Text(result.Current));
    }

    [Fact]
    public async Task Swap_fails_when_somebody_wrote_since()
    {
        StoreEntry read = await PutAsync(Nodes + "bpf1", "one");
        await PutAsync(Nodes + "bpf1", "theirs");

        PutResult result = await Store.PutAsync(
            new StorePut(Nodes + "bpf1", Bytes("mine")) { Condition = PutCondition.At(read.Modified) }, Test);

        Assert.False(result.Written);
        Assert.Equal("theirs", Text(result.Current));
    }

    [Fact]
    public async Task Swap_fails_on_a_deleted_key_with_nothing_to_show()
    {
        StoreEntry read = await PutAsync(Nodes + "bpf1", "one");
        Assert.True(await Store.DeleteAsync(Nodes + "bpf1", expected: null, Test));

        PutResult result = await Store.PutAsync(
            new StorePut(Nodes + "bpf1", Bytes("mine")) { Condition = PutCondition.At(read.Modified) }, Test);

        Assert.False(result.Written);
        Assert.Null(result.Current);
    }

    [Fact]
    public async Task Delete_with_an_old_revision_deletes_nothing()
    {
        StoreEntry read = await PutAsync(Nodes + "bpf1", "one");
        await PutAsync(Nodes + "bpf1", "two");

        Assert.False(await Store.DeleteAsync(Nodes + "bpf1", read.Modified, Test));
        Assert.False(await Store.DeleteAsync(Nodes + "bpf2", expected: null, Test));
        Assert.Equal("two", Text(await Store.GetAsync(Nodes + "bpf1", Test)));
    }

    [Fact]
    public async Task A_list_holds_the_keys_of_the_prefix_in_order()
    {
        await PutAsync(Nodes + "b", "2");
        await PutAsync(Nodes + "a", "1");
        await PutAsync("weft/state/nodes/v1/default0", "beyond the slash");
        await PutAsync("weft/state/nodes/v1/default", "before it");

        StoreSnapshot list = await Store.ListAsync(Nodes, Test);

        Assert.Equal(["1", "2"], list.Entries.Select(Text));
        Assert.Equal(4, (await Store.ListAsync("", Test)).Entries.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("tab\tinside")]
    [InlineData("ünicode")]
    public async Task A_key_of_other_than_printable_ascii_is_refused(string key)
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.PutAsync(new StorePut(key, Bytes("x")), Test));
    }

    [Fact]
    public async Task The_largest_key_and_value_fit_and_one_more_byte_is_refused()
    {
        string key = new('k', StoreLimits.MaxKeyLength);
        byte[] value = new byte[StoreLimits.MaxValueLength];
        Random.Shared.NextBytes(value);

        await Store.PutAsync(new StorePut(key, value), Test);

        Assert.Equal(value, (await Store.GetAsync(key, Test))!.Value.ToArray());
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.PutAsync(new StorePut(key + "k", value), Test));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.PutAsync(new StorePut("k", new byte[value.Length + 1]), Test));
    }
}
