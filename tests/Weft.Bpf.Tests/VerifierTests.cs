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

    private static VerifierException Reject(string program)
    {
        using BpfObjectSpec spec = TestObject.Open("bad");
        foreach (BpfProgramSpec other in spec.Programs.Values.Where(p => p.Name != program))
        {
            other.Autoload = false;
        }

        VerifierException rejection = Assert.Throws<VerifierException>(() => spec.Load());
        TestContext.Current.SendDiagnosticMessage(rejection.Message);
        return rejection;
    }
}
