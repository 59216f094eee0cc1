using System.IO.Pipes;

namespace Weft.Linux.Tests;

[Collection(SerialTests.Name)]
public class DescriptorStreamTests
{
    [Fact]
    public async Task Reader_gets_every_byte_in_order()
    {
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        byte[] sent = [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i * 7))];
        Task writing = Task.Run(() =>
        {
            new DescriptorStream(DescriptorOf(reader)).Write(sent);
            reader.DisposeLocalCopyOfClientHandle();
        });

        using MemoryStream received = new();
        await reader.CopyToAsync(received);
        await writing;

        Assert.Equal(sent, received.ToArray());
    }

    [Fact]
    public void Reader_that_has_gone_is_a_broken_pipe()
    {
        AnonymousPipeServerStream reader = new(PipeDirection.In);
        using FileDescriptor writer = FileDescriptor.Own(DescriptorOf(reader)).Duplicate();
        reader.Dispose();

        LinuxException e = Assert.Throws<LinuxException>(() => new DescriptorStream(writer.Number).Write([1]));

        Assert.Equal(Errno.EPIPE, e.Errno);
    }

    [Fact]
    public void Two_writers_of_one_file_do_not_overwrite_each_other()
    {
        string path = Path.GetTempFileName();
        using (FileStream file = new(path, FileMode.Create))
        {
            int fd = (int)file.SafeFileHandle.DangerousGetHandle();
            new DescriptorStream(fd).Write("first "u8);
            new DescriptorStream(fd).Write("second"u8);
        }

        Assert.Equal("first second", File.ReadAllText(path));
        File.Delete(path);
    }

    private static int DescriptorOf(AnonymousPipeServerStream pipe) => (int)pipe.ClientSafePipeHandle.DangerousGetHandle();
}
