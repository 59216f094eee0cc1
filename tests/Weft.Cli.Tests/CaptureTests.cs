using System.Net;
using Weft.Abi;
using Weft.Cli.Capture;
using Weft.Cli.Tests.Support;

namespace Weft.Cli.Tests;

/// <summary>Words and names of 'weft capture'; tests/EndToEnd captures packets.</summary>
public sealed class CaptureTests
{
    [Theory]
    [InlineData("web.pcapng", 1, "web_00001.pcapng")]
    [InlineData("/tmp/a.b/ring", 12, "/tmp/a.b/ring_00012")]
    [InlineData("x.y.pcapng", 123456, "x.y_123456.pcapng")]
    public void Files_of_a_ring_are_numbered_before_their_extension(string path, int number, string name) =>
        Assert.Equal(name, CaptureFiles.NameOf(path, number));

    [Fact]
    public void A_ring_keeps_the_last_files_and_they_are_their_owners_alone()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("weft-ring-");
        try
        {
            using CaptureFiles files = new(Path.Combine(folder.FullName, "r.pcapng"), isRing: true, most: 2);
            foreach (byte number in (byte[])[1, 2, 3])
            {
                files.Open();
                files.Write([number]);
            }

            FileInfo[] left = [.. folder.GetFiles().OrderBy(file => file.Name, StringComparer.Ordinal)];
            Assert.Equal(["r_00002.pcapng", "r_00003.pcapng"], left.Select(file => file.Name));
            Assert.Equal([2, 3], left.Select(file => File.ReadAllBytes(file.FullName)[0]));
            Assert.All(left, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.UnixFileMode));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_file_that_is_there_is_overwritten_and_its_mode_is_its_owners()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "something longer than what comes");
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
            using (CaptureFiles files = new(path, isRing: false, most: 0))
            {
                files.Open();
                files.Write("short"u8);
            }

            Assert.Equal("short", File.ReadAllText(path));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("10", 10_000_000)]
    [InlineData("64k", 65536)]
    [InlineData("2M", 2_097_152)]
    [InlineData("1g", 1_073_741_824)]
    public void Sizes_are_millions_of_bytes_or_have_a_unit(string text, long bytes)
    {
        Assert.True(CaptureOptions.TryParseSize(text, out long read));
        Assert.Equal(bytes, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("k")]
    [InlineData("-1m")]
    [InlineData("99999999999999g")]
    public void Other_sizes_are_refused(string text) => Assert.False(CaptureOptions.TryParseSize(text, out _));

    [Theory]
    [InlineData("30", 30_000)]
    [InlineData("500ms", 500)]
    [InlineData("1.5s", 1500)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    public void Durations_are_seconds_or_have_a_unit(string text, double milliseconds)
    {
        Assert.True(CaptureOptions.TryParseDuration(text, out TimeSpan duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
    }

    [Theory]
    [InlineData("capture -C 10", "--file-size is of files: name one with -w")]
    [InlineData("capture -w - -C 10", "--file-size is of files: name one with -w")]
    [InlineData("capture -w x -W 3", "--files is of a ring of files: say with -C how large each is")]
    [InlineData("capture --hop nowhere", "--hop cannot be 'nowhere': it is one of queue, transmit")]
    [InlineData("capture --duration soon", "--duration cannot be 'soon': it is a time, as 30s, 5m or 500ms")]
    [InlineData("capture -w x -C big", "--file-size cannot be 'big'")]
    [InlineData("capture --protocol tcpp", "--protocol cannot be 'tcpp': it is one of tcp, udp")]
    public async Task A_mistake_is_one_line_that_helps(string line, string error)
    {
        CliResult result = await CliRun.Weft(line);

        Assert.Equal((2, ""), (result.Code, result.Output));
        Assert.Contains(error, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Packets_of_several_nodes_come_in_order_of_time_once_they_were_held()
    {
        CaptureOrder order = new(TimeProvider.System);
        ulong[] times = [3, 1, 2];
        foreach (ulong time in times)
        {
            order.Add(new Weft.Events.Hops.Sighting { Node = "n", Time = time, UnixTime = time, Facts = new() { Source = IPAddress.Loopback }, Point = HopPoint.Transmit });
        }

        List<ulong> taken = [];
        while (order.TryTake(all: true, out Weft.Events.Hops.Sighting? seen))
        {
            taken.Add(seen.UnixTime);
        }

        Assert.Equal([1ul, 2ul, 3ul], taken);
        Assert.True(order.IsEmpty);
    }
}
