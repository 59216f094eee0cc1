using System.Globalization;
using Weft.Linux.Interop;

namespace Weft.Linux;

/// <summary>Writes to a descriptor that somebody else owns, such as standard output, by plain <c>write(2)</c>.</summary>
/// <remarks>
/// The two streams of .NET fail here in their own ways: that of <see cref="Console"/> swallows EPIPE, so a writer never learns
/// that its reader has gone; <see cref="FileStream"/> writes at offsets of its own, so two processes that share a redirected output overwrite
/// each other. Blocks also where the descriptor is in non-blocking mode. Not thread-safe.
/// </remarks>
public sealed class DescriptorStream(int descriptor) : Stream
{
    public const int StandardOutput = 1;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="LinuxException">EPIPE: nobody reads any more.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            nint written = LibC.Write(descriptor, buffer, (nuint)buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
            }
            else if (LinuxException.LastError == Errno.EAGAIN)
            {
                WaitUntilWritable();
            }
            else if (LinuxException.LastError != Errno.EINTR)
            {
                throw LinuxException.FromLastError(string.Create(CultureInfo.InvariantCulture, $"write to descriptor {descriptor}"));
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void WaitUntilWritable()
    {
        LibC.PollEntry entry = new() { Fd = descriptor, Events = LibC.POLLOUT };

        // A failure here shows in the next write.
        LibC.Poll(ref entry, 1, milliseconds: -1);
    }
}
