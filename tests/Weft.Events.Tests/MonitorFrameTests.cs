using System.Buffers;
using System.Buffers.Binary;
using Weft.Tests.Shared;

namespace Weft.Events.Tests;

public class MonitorFrameTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    public async Task Frames_come_out_as_they_went_in_whatever_the_pieces(int piece)
    {
        byte[][] records = [[1], new byte[200_000], [], [2, 3]];
        var output = new ArrayBufferWriter<byte>();
        var writer = new MonitorFrameWriter(output);
        writer.WriteNames(CraftedEvents.Stream);
        foreach (byte[] record in records)
        {
            writer.WriteRecord(record);
        }

        writer.WriteRule(new RuleName(CraftedEvents.KnownRule, CraftedEvents.KnownRuleName));
        writer.WriteLost(ulong.MaxValue, LostCause.ClientSlow);

        var reader = new MonitorFrameReader(new PieceStream(output.WrittenSpan.ToArray(), piece));
        Assert.True(await reader.ReadAsync());
        Assert.Equal(CraftedEvents.Stream.ToJson(), reader.Current.GetNames()!.ToJson());
        foreach (byte[] record in records)
        {
            Assert.True(await reader.ReadAsync());
            Assert.Equal(MonitorFrameKind.Record, reader.Current.Kind);
            Assert.Equal(record, reader.Current.Payload.ToArray());
        }

        Assert.True(await reader.ReadAsync());
        Assert.Equal(new RuleName(CraftedEvents.KnownRule, CraftedEvents.KnownRuleName), reader.Current.GetRule());
        Assert.True(await reader.ReadAsync());
        Assert.True(reader.Current.TryGetLost(out ulong count, out LostCause cause));
        Assert.Equal((ulong.MaxValue, LostCause.ClientSlow), (count, cause));
        Assert.False(await reader.ReadAsync());
    }

    [Fact]
    public async Task A_frame_that_is_there_is_read_without_waiting()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MonitorFrameWriter(output);
        writer.WriteRecord([1]);
        writer.WriteRecord([2]);
        var reader = new MonitorFrameReader(new PieceStream(output.WrittenSpan.ToArray(), int.MaxValue));
        Assert.False(reader.HasBufferedFrame);
        Assert.True(await reader.ReadAsync());
        Assert.True(reader.HasBufferedFrame);
        Assert.True(reader.ReadAsync().AsTask().IsCompletedSuccessfully);
        Assert.False(reader.HasBufferedFrame);
    }

    [Fact]
    public async Task The_end_within_a_frame_is_an_error()
    {
        byte[] bytes = OneFrame();
        for (int length = 1; length < bytes.Length; length++)
        {
            var reader = new MonitorFrameReader(new PieceStream(bytes[..length], int.MaxValue));
            EndOfStreamException error = await Assert.ThrowsAsync<EndOfStreamException>(async () => await reader.ReadAsync());
            Assert.Equal($"monitor stream ended {length} bytes into a frame", error.Message);
        }
    }

    [Theory]
    [InlineData(MonitorFrame.MaxPayload + 1)]
    [InlineData(-1)]
    public async Task A_length_beyond_the_limit_is_refused_before_memory_is_taken(int length)
    {
        byte[] bytes = new byte[MonitorFrame.HeaderSize];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
        var reader = new MonitorFrameReader(new PieceStream(bytes, int.MaxValue));
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(async () => await reader.ReadAsync());
        Assert.Contains($"says that it has {(uint)length} bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Payloads_that_are_not_what_the_kind_says_are_nothing()
    {
        Assert.False(new MonitorFrame(MonitorFrameKind.Lost, new byte[MonitorFrame.LostSize - 1]).TryGetLost(out _, out _));
        Assert.False(new MonitorFrame(MonitorFrameKind.Record, new byte[MonitorFrame.LostSize]).TryGetLost(out _, out _));
        Assert.Null(new MonitorFrame(MonitorFrameKind.Names, new byte[] { (byte)'{' }).GetNames());
        Assert.Null(new MonitorFrame(MonitorFrameKind.Names, new RuleName(1, "a").ToJson()).GetRule());
    }

    [Theory]
    [InlineData("""{"interfaces":null}""", null)]
    [InlineData("""{"interfaces":{"2":null}}""", "")]
    [InlineData("""[]""", null)]
    [InlineData("""null""", null)]
    [InlineData("""{"interfaces":{"2":"ens3","02":"ens4","-1":"x","y":"z"},"more":[1]}""", "ens3 ens4")]
    [InlineData("""{}""", "")]
    public void Names_that_are_odd_are_refused_or_left_out(string json, string? expected)
    {
        var frame = new MonitorFrame(MonitorFrameKind.Names, System.Text.Encoding.UTF8.GetBytes(json));
        MonitorNames? document = frame.GetNames();
        Assert.Equal(expected is null, document is null);
        if (document is not null)
        {
            var names = new EventNames();
            names.Update(document);
            string found = names.TryGetInterface(2, out string? name) ? name : "";
            Assert.Contains(found, expected!.Split(' '));
        }
    }

    [Theory]
    [InlineData("""{"number":7,"name":null}""")]
    [InlineData("""{"number":7}""")]
    [InlineData("""{"number":7,"name":""}""")]
    [InlineData("""{"number":-1,"name":"a"}""")]
    [InlineData("""{"number":4294967296,"name":"a"}""")]
    [InlineData("""null""")]
    [InlineData("""[]""")]
    [InlineData("""{""")]
    public void A_rule_without_a_number_or_a_name_is_none(string json) =>
        Assert.Null(new MonitorFrame(MonitorFrameKind.Rule, System.Text.Encoding.UTF8.GetBytes(json)).GetRule());

    [Fact]
    public void A_damaged_stream_ends_in_an_error_or_in_frames()
    {
        Fuzz.Mutations(OneFrame(), ReadAll);
        Fuzz.Mutations(RuleFrame(), ReadAll);

        static void ReadAll(byte[] bytes)
        {
            var reader = new MonitorFrameReader(new PieceStream(bytes, 5));
            try
            {
                while (reader.ReadAsync().AsTask().GetAwaiter().GetResult())
                {
                    if (reader.Current.GetNames() is { } names)
                    {
                        new EventNames().Update(names);
                    }

                    if (reader.Current.GetRule() is { } rule)
                    {
                        new RuleNames().Learn(rule);
                    }

                    _ = reader.Current.TryGetLost(out _, out _);
                }
            }
            catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
            {
            }
        }
    }

    private static byte[] OneFrame()
    {
        var output = new ArrayBufferWriter<byte>();
        new MonitorFrameWriter(output).WriteNames(CraftedEvents.Stream);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] RuleFrame()
    {
        var output = new ArrayBufferWriter<byte>();
        new MonitorFrameWriter(output).WriteRule(new RuleName(CraftedEvents.KnownRule, CraftedEvents.KnownRuleName));
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Gives at most so many bytes a read, as a socket may.</summary>
    private sealed class PieceStream(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
