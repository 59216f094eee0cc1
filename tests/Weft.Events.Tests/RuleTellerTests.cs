using System.Buffers;
using Weft.Abi;

namespace Weft.Events.Tests;

public class RuleTellerTests
{
    private readonly Names _names = new() { ["1"] = "A", ["2"] = "B" };

    /// <summary>Which names a client gets while verdicts of these rules come; 9 has no name, 0 is none.</summary>
    [Theory]
    [InlineData("1 1 1", "1=A")]
    [InlineData("1 2 1 2", "1=A 2=B")]
    [InlineData("0 9 2", "2=B")]
    [InlineData("1 1=C 1 1", "1=A 1=C")]
    [InlineData("1 1= 1 1=A 1", "1=A")]
    [InlineData("9 9=D 9", "9=D")]
    public async Task A_rule_is_named_before_its_first_verdict_and_when_its_name_is_another(string steps, string told)
    {
        ArrayBufferWriter<byte> output = new();
        RuleTeller teller = new(new MonitorFrameWriter(output), _names);
        foreach (string[] step in steps.Split(' ').Select(step => step.Split('=')))
        {
            if (step is [var number, var name])
            {
                _names[number] = name;
            }
            else
            {
                Tell(teller, CraftedEvents.Policy(PolicyVerdictCode.Allowed, new() { Rule = uint.Parse(step[0], null) }, CraftedEvents.Syn));
            }
        }

        Assert.Equal(told, string.Join(' ', (await ReadAsync(output)).Select(rule => $"{rule.Number}={rule.Name}")));
    }

    [Fact]
    public async Task Events_of_other_types_name_no_rule()
    {
        ArrayBufferWriter<byte> output = new();
        RuleTeller teller = new(new MonitorFrameWriter(output), _names);
        foreach (byte[] bytes in CraftedEvents.Ping())
        {
            Tell(teller, bytes);
        }

        Assert.Empty(await ReadAsync(output));
    }

    [Fact]
    public void What_a_stream_tells_takes_bounded_memory_and_no_terminal_obeys_it()
    {
        RuleNames names = new();
        for (uint number = 1; number <= RuleNames.MaxRules + 1; number++)
        {
            names.Learn(new RuleName(number, "a"));
        }

        names.Learn(new RuleName(1, "b\e[2J\n"));

        Assert.Equal(("b?[2J?", null), (names.Find(1), names.Find(RuleNames.MaxRules + 1)));
    }

    private static void Tell(RuleTeller teller, byte[] bytes)
    {
        Assert.True(EventRecord.TryParse(bytes, out EventRecord record));
        teller.TellOf(record);
    }

    private static async Task<List<RuleName>> ReadAsync(ArrayBufferWriter<byte> output)
    {
        List<RuleName> rules = [];
        MonitorFrameReader reader = new(new MemoryStream(output.WrittenSpan.ToArray()));
        while (await reader.ReadAsync())
        {
            rules.Add(reader.Current.GetRule()!);
        }

        return rules;
    }

    /// <summary>An empty name: the rule is gone.</summary>
    private sealed class Names : Dictionary<string, string>, IRuleNames
    {
        public string? Find(uint number) => this.GetValueOrDefault($"{number}") is { Length: > 0 } name ? name : null;
    }
}
