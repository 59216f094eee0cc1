using System.Text;
using Weft.Lab.Topology;
using Weft.Tests.Shared;

namespace Weft.Lab.Tests.Topology;

/// <summary>Whatever the text, the reader answers with a topology or with a <see cref="TopologyException"/>.</summary>
public sealed class TopologyFuzzTests
{
    [Fact]
    public void Every_truncation_is_read_or_refused() =>
        Fuzz.EveryTruncation(Encoding.UTF8.GetBytes(LabTopology.DefaultText), Read);

    [Fact]
    public void Mutations_are_read_or_refused() =>
        Fuzz.Mutations(Encoding.UTF8.GetBytes(LabTopology.DefaultText), Read);

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void Deep_nesting_is_refused(char open) => Read(Encoding.UTF8.GetBytes(new string(open, 500_000)));

    [Fact]
    public void Deep_indentation_is_refused() =>
        Read(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 1000).Select(depth => $"{new string(' ', depth)}a:\n"))));

    private static void Read(byte[] text)
    {
        try
        {
            TopologyReader.Parse(Encoding.UTF8.GetString(text), "fuzz");
        }
        catch (TopologyException exception)
        {
            Assert.NotEmpty(exception.Errors);
        }
    }
}
