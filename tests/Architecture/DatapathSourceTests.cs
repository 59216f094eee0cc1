using System.Text.RegularExpressions;

namespace Architecture;

/// <summary>Rules about the C of bpf/ that neither compiler nor verifier knows.</summary>
public sealed partial class DatapathSourceTests
{
    private const string License = "/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */";

    [Fact]
    public void Every_file_begins_with_its_license()
    {
        IEnumerable<string> breaches =
            from file in SourceTree.Files("bpf", ".c", ".h")
            where SourceTree.Lines(file).FirstOrDefault() != License
            select file;
        Assert.Empty(breaches);
    }

    /// <summary>A packet is dropped through weft_drop only, which counts it and reports the reason.</summary>
    [Fact]
    public void A_packet_is_dropped_in_one_place_only()
    {
        IEnumerable<string> breaches =
            from file in SourceTree.Files("bpf", ".c", ".h")
            where Path.GetFileName(file) != "drop.h"
            from line in SourceTree.Lines(file)
            where BareDrop().IsMatch(line)
            select $"{file}: {line.Trim()}";
        Assert.Empty(breaches);
    }

    [Fact]
    public void Options_are_data_not_conditional_compilation()
    {
        IEnumerable<string> breaches =
            from file in SourceTree.Files("bpf", ".c", ".h")
            from line in SourceTree.Lines(file)
            where ConditionalCompilation().IsMatch(line)
            select $"{file}: {line.Trim()}";
        Assert.Empty(breaches);
    }

    [GeneratedRegex(@"\breturn\s+(TC_ACT_SHOT|XDP_DROP)\b")]
    private static partial Regex BareDrop();

    /// <summary>Include guards are '#ifndef WEFT_…_H'; mocks of tests say WEFT_TEST.</summary>
    [GeneratedRegex(@"^\s*#\s*(if|ifdef|ifndef|elif)\b(?!\s+!?(defined\()?WEFT_(\w+_H|TEST\w*)\b)")]
    private static partial Regex ConditionalCompilation();
}
