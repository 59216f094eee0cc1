using Weft.Lab.Topology;

namespace Weft.Lab.Tests.Topology;

public sealed class LabNamesTests
{
    [Theory]
    [InlineData("default")]
    [InlineData("a")]
    [InlineData("lab_2")]
    [InlineData("abcdefghij0123456789")]
    public void A_name_of_letters_digits_and_underscores_is_a_labs(string name) => Assert.Null(LabNames.CheckLab(name));

    /// <summary>A dash would make 'weft-a-b-c' belong to lab 'a' and to lab 'a-b'; the others would leave the directory of labs.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("a-b")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("A")]
    [InlineData("abcdefghij01234567890")]
    [InlineData("a\n")]
    public void Other_names_are_refused(string name) => Assert.NotNull(LabNames.CheckLab(name));

    [Fact]
    public void A_namespace_is_called_after_its_lab_and_member() => Assert.Equal("weft-default-bpf1", LabNames.NetnsOf("default", "bpf1"));
}
