using Weft.Linux;
using Weft.Tests.Shared;

namespace Weft.Bpf.Tests;

public sealed class VerifierTests
{
    [KernelFact]
    public void A_rejection_quotes_the_verdict_the_source_line_and_the_instruction()
    {
        VerifierException rejection = Reject("unchecked_lookup");

        Assert.StartsWith("load bad.o: program unchecked_lookup rejected: R0 invalid mem access 'map_value_or_null'\n", rejection.Message, StringComparison.Ordinal);
        Assert.Contains("return *value; /* may be null */", rejection.Message, StringComparison.Ordinal);
        Assert.Contains("*(u64 *)(r0 +0)", rejection.Message, StringComparison.Ordinal);
        Assert.InRange(rejection.Message.Split('\n').Length, 4, 12);
    }

    [KernelFact]
    public void A_rejection_for_a_packet_access_gives_both_lines_of_the_verdict()
    {
        VerifierException rejection = Reject("beyond_packet");

        Assert.Contains("invalid access to packet", rejection.Error, StringComparison.Ordinal);
        Assert.Contains("offset is outside of the packet", rejection.Error, StringComparison.Ordinal);
        Assert.Contains("data[20]", rejection.Message, StringComparison.Ordinal);
    }

    [KernelFact]
    public void The_whole_log_is_kept()
    {
        VerifierException rejection = Reject("unchecked_lookup");

        Assert.Contains("processed", rejection.Log, StringComparison.Ordinal);
        int shown = rejection.Message.Split('\n').Length - 1; // the verdict takes the place of the line that counts
        Assert.Equal(rejection.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, shown + rejection.OmittedLines);
    }

    [KernelFact]
    public void A_log_that_is_cut_off_still_names_the_program()
    {
        VerifierException rejection = Reject("unchecked_lookup", new() { VerifierLogBytes = 200 });

        Assert.StartsWith("load bad.o: program unchecked_lookup rejected: ", rejection.Message, StringComparison.Ordinal);
        Assert.InRange(rejection.Log.Length, 1, 200);
    }

    [Theory]
    [InlineData("", "Permission denied (errno 13)")]
    [InlineData("processed 3 insns (limit 1000000)\n", "Permission denied (errno 13)\n  (1 lines of the verifier log omitted)")]
    [InlineData("R1 !read_ok\n", "R1 !read_ok")]
    [InlineData("0: R1=ctx(off=0)\n0: (95) exit\nR0 !read_ok\nprocessed 1 insns\n", "R0 !read_ok\n  0: R1=ctx(off=0)\n  0: (95) exit\n  (1 lines of the verifier log omitted)")]
    [InlineData("; return x;\n7: (95) exit\nmark_precise: frame0: last_idx 7\nAt program exit the register R0 has value (0x1)\n", "At program exit the register R0 has value (0x1)\n  ; return x;\n  7: (95) exit\n  (1 lines of the verifier log omitted)")]
    public void Logs_of_any_shape_become_a_message(string log, string expected) =>
        Assert.Equal(expected, VerifierLogDigest.Of(log).ToText(Errno.EACCES));

    [Fact]
    public void A_long_walk_is_cut_to_its_end()
    {
        string log = "; loop @ a.c:1\n" + string.Concat(Enumerable.Range(0, 1000).Select(i => $"{i}: (07) r1 += 1\n")) + "R1 pointer arithmetic prohibited\n";

        VerifierLogDigest digest = VerifierLogDigest.Of(log);

        Assert.Equal(("R1 pointer arithmetic prohibited", 994), (digest.Error, digest.OmittedLines));
        Assert.Equal(["; loop @ a.c:1", "994: (07) r1 += 1"], digest.Context.Take(2));
    }

    private static VerifierException Reject(string program, BpfLoadOptions? options = null)
    {
        using BpfObjectSpec spec = TestObject.Open("bad");
        foreach (BpfProgramSpec other in spec.Programs.Values.Where(p => p.Name != program))
        {
            other.Autoload = false;
        }

        VerifierException rejection = Assert.Throws<VerifierException>(() => spec.Load(options));
        TestContext.Current.SendDiagnosticMessage(rejection.Message);
        return rejection;
    }
}
