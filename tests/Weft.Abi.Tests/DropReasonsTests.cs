using System.Globalization;
using System.Text;
using Weft.Tests.Shared;

namespace Weft.Abi.Tests;

public class DropReasonsTests
{
    [Fact]
    public void Every_reason_has_one_text_and_they_are_in_order() =>
        Assert.Equal(Enum.GetValues<DropReason>(), DropReasons.All.Select(info => info.Reason));

    [Fact]
    public void Texts_differ() =>
        Assert.Equal(DropReasons.All.Length, DropReasons.All.Select(info => info.Text).Distinct().Count());

    [Theory]
    [InlineData(DropReason.InvalidSourceIP, "Invalid source ip")]
    [InlineData(DropReason.NoTunnelEndpoint, "No tunnel/encapsulation endpoint")]
    [InlineData((DropReason)254, "254")]
    public void The_text_is_that_of_cilium_or_the_number(DropReason reason, string text) => Assert.Equal(text, DropReasons.Text(reason));

    [Fact]
    public void Every_source_file_exists()
    {
        foreach (SourceFile file in Enum.GetValues<SourceFile>())
        {
            string name = SourceFiles.Name(file);
            string folder = name.EndsWith(".h", StringComparison.Ordinal) ? "include/weft" : "";
            string path = Path.Combine(Objects.SourceRoot(), folder, name);
            Assert.True(File.Exists(path), $"{file} is said to be {path}, which does not exist");
        }
    }

    [Fact]
    public void The_reference_page_is_generated_from_the_texts()
    {
        var page = new StringBuilder();
        page.AppendLine("# Drop reasons");
        page.AppendLine();
        page.AppendLine("Generated from `src/Weft.Abi/DropReasons.cs` by a test of Weft.Abi (`WEFT_UPDATE_GOLDEN=1` rewrites it).");
        page.AppendLine();
        page.AppendLine("What `weft monitor --type drop` and `weft bpf metrics list` call a packet that went no further. Numbers and texts are");
        page.AppendLine("those that users of Cilium know. A reason is listed once the datapath gives it; a number that the command line does");
        page.AppendLine("not know is printed as a number.");
        page.AppendLine();
        page.AppendLine("| number | text | when, and what to look at |");
        page.AppendLine("| --- | --- | --- |");
        foreach (DropReasonInfo info in DropReasons.All)
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"| {(byte)info.Reason} | {info.Text} | {info.Meaning} |");
        }

        Golden.MatchesPage("docs/reference/drop-reasons.md", page.ToString());
    }
}
