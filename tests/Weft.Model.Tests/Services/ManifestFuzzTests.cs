using System.Text;
using Weft.Model.Services.Manifests;
using Weft.Tests.Shared;

namespace Weft.Model.Tests.Services;

/// <summary>Whatever the text, the reader answers with manifests or with a <see cref="ManifestException"/>.</summary>
public sealed class ManifestFuzzTests
{
    private static readonly byte[] s_valid = Encoding.UTF8.GetBytes($"{Manifest.Web}---\n{Manifest.Slice}");

    [Fact]
    public void Every_truncation_is_read_or_refused() => Fuzz.EveryTruncation(s_valid, Read);

    [Fact]
    public void Mutations_are_read_or_refused() => Fuzz.Mutations(s_valid, Read, count: 1000);

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void Deep_nesting_is_refused(char open) => Read(Encoding.UTF8.GetBytes(new string(open, 500_000)));

    private static void Read(byte[] text)
    {
        try
        {
            ManifestReader.Parse(Encoding.UTF8.GetString(text), "fuzz");
        }
        catch (ManifestException exception)
        {
            Assert.NotEmpty(exception.Errors);
        }
    }
}
