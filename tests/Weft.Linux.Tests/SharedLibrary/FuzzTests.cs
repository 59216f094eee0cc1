using Weft.Tests.Shared;
using Xunit.Sdk;

namespace Weft.Linux.Tests.SharedLibrary;

public class FuzzTests
{
    [Fact]
    public void Every_length_below_the_whole_is_tried()
    {
        List<int> lengths = [];

        Fuzz.EveryTruncation([1, 2, 3, 4], bytes => lengths.Add(bytes.Length));

        Assert.Equal([0, 1, 2, 3], lengths);
    }

    [Fact]
    public void Finding_tells_the_seed_and_the_bytes()
    {
        XunitException finding = Assert.ThrowsAny<XunitException>(
            () => Fuzz.Mutations([1, 2, 3, 4], bytes => throw new FormatException("too far")));

        Assert.Contains("WEFT_FUZZ_SEED=", finding.Message, StringComparison.Ordinal);
        Assert.Contains("FormatException: too far", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Mutations_differ_from_the_input_mostly()
    {
        byte[] valid = [.. Enumerable.Range(0, 64).Select(number => (byte)number)];
        int same = 0;

        Fuzz.Mutations(valid, bytes => same += bytes.AsSpan().SequenceEqual(valid) ? 1 : 0, count: 1000);

        Assert.InRange(same, 0, 100);
    }
}
