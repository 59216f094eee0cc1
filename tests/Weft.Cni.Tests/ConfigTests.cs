using System.Text;
using Weft.Cni.Protocol;
using Weft.Cni.Tests.Support;
using Weft.Tests.Shared;

namespace Weft.Cni.Tests;

public sealed class ConfigTests
{
    private static readonly string s_everything = CniCall.Config("/nowhere", more: """
        ,"prevResult":{
          "cniVersion":"1.1.0",
          "interfaces":[{"name":"eth0","mac":"02:00:00:00:00:02","sandbox":"/run/netns/box1"}],
          "ips":[{"address":"10.0.1.180/32","interface":0}]},
        "cni.dev/valid-attachments":[{"containerID":"box1","ifname":"eth0"}],
        "dns":{"nameservers":["10.0.0.10"]}
        """);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"cniVersion\":\"1.1.0\",\"name\":")]
    [InlineData("{\"cniVersion\":1.1,\"name\":\"pods\"}")]
    [InlineData("{\"cniVersion\":\"1.1.0\",\"name\":\"pods\"} trailing")]
    public async Task What_is_no_configuration_is_code_6(string config) =>
        Assert.Equal(6, (await new CniCall().RunAsync("ADD", config)).ErrorCode);

    [Fact]
    public async Task Input_without_end_is_cut_off_and_code_6()
    {
        string endless = CniCall.Config("/nowhere") + new string(' ', NetworkConfigReader.MaxBytes);

        Assert.Equal(6, (await new CniCall().RunAsync("ADD", endless)).ErrorCode);
    }

    [Theory]
    [InlineData("{\"cniVersion\":\"1.1.0\"}", "name")]
    [InlineData("{\"cniVersion\":\"1.1.0\",\"name\":\"po ds\"}", "name")]
    [InlineData("{\"cniVersion\":\"1.1.0\",\"name\":\"pods\",\"socket\":\"weft.sock\"}", "socket")]
    public async Task A_key_that_is_missing_or_malformed_is_code_7_and_named(string config, string key)
    {
        CniAnswer answer = await new CniCall().RunAsync("ADD", config);

        Assert.Equal(7, answer.ErrorCode);
        Assert.Contains(key, answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Addresses_from_another_plugin_are_refused_with_code_2_key_and_value()
    {
        CniAnswer answer = await new CniCall().RunAsync("ADD", CniCall.Config("/nowhere", more: ""","ipam":{"type":"host-local"}"""));

        Assert.Equal(2, answer.ErrorCode);
        Assert.Contains("""ipam: {"type":"host-local"}""", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_previous_result_that_is_none_is_code_6() => Assert.Equal(
        6, (await new CniCall().RunAsync("ADD", CniCall.Config("/nowhere", more: ""","prevResult":{"ips":"none"}"""))).ErrorCode);

    [Fact]
    public void A_cut_configuration_never_gets_past_the_decoder() => Fuzz.EveryTruncation(
        Encoding.UTF8.GetBytes(s_everything), text => Assert.Throws<CniException>(() => NetworkConfigReader.Decode(text)));

    [Theory]
    [InlineData("ADD")]
    [InlineData("CHECK")]
    [InlineData("GC")]
    public void A_damaged_configuration_is_answered_with_one_of_the_codes(string command) => Fuzz.Mutations(
        Encoding.UTF8.GetBytes(s_everything),
        text =>
        {
            CniAnswer answer = new CniCall().RunAsync(command, text).GetAwaiter().GetResult();
            Assert.Contains(answer.ErrorCode, (int[])[1, 2, 6, 7, 11]);
        },
        count: 300);
}
