using System.Text.Json;

namespace Weft.Cni.Tests.Support;

/// <summary>What a call left behind.</summary>
internal sealed record CniAnswer(int ExitCode, string Output, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>Of the specification; fails unless the call failed as the specification says.</summary>
    public int ErrorCode
    {
        get
        {
            Assert.Equal(1, ExitCode);
            Assert.False(string.IsNullOrEmpty(Json.GetProperty("cniVersion").GetString()));
            Assert.False(string.IsNullOrEmpty(Message));
            Assert.StartsWith("weft-cni: ", Error, StringComparison.Ordinal);
            return Json.GetProperty("code").GetInt32();
        }
    }

    public string Message => Json.GetProperty("msg").GetString()!;

    /// <summary>Success without a word, as every verb but ADD and VERSION has it.</summary>
    public void AssertSilentSuccess()
    {
        Assert.Equal("", Output);
        Assert.Equal("", Error);
        Assert.Equal(0, ExitCode);
    }
}
