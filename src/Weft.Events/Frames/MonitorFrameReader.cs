using System.Buffers.Binary;

namespace Weft.Events;

/// <summary>Reads the frames of a monitor stream, as many at a time as the stream has.</summary>
/// <remarks>Not thread-safe. The stream stays the caller's.</remarks>
public sealed class MonitorFrameReader(Stream stream)
{
    private byte[] _buffer = new byte[64 << 10];
    private int _start;
    private int _end;

    /// <summary>The frame that the last read gave; its payload is valid until the next.</summary>
    public MonitorFrame Current { get; private set; }

    /// <summary>The next read completes at once; where it is false, output should be flushed before reading on.</summary>
    public bool HasBufferedFrame => FrameLength() is int length && _end - _start >= length;

    /// <summary>False at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a monitor stream.</exception>
    /// <exception cref="EndOfStreamException">The stream ended within a frame.</exception>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (!HasBufferedFrame)
        {
            return FillAsync(cancellationToken);
        }

        Take();
        return ValueTask.FromResult(true);
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        while (!HasBufferedFrame)
        {
            MakeRoom(FrameLength() ?? MonitorFrame.HeaderSize);
            int read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0)
            {
                return _start == _end
                    ? false
                    : throw new EndOfStreamException($"monitor stream ended {_end - _start} bytes into a frame");
            }

            _end += read;
        }

        Take();
        return true;
    }

    /// <summary>Length with the header; null while the header is not there.</summary>
    private int? FrameLength()
    {
        if (_end - _start < MonitorFrame.HeaderSize)
        {
            return null;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_start));
        return length <= MonitorFrame.MaxPayload
            ? MonitorFrame.HeaderSize + (int)length
            : throw new InvalidDataException(
                $"read monitor stream: a frame says that it has {length} bytes, the most is {MonitorFrame.MaxPayload}: not a monitor stream");
    }

    private void Take()
    {
        int length = FrameLength()!.Value;
        var kind = (MonitorFrameKind)_buffer[_start + 4];
        Current = new MonitorFrame(kind, _buffer.AsMemory(_start + MonitorFrame.HeaderSize, length - MonitorFrame.HeaderSize));
        _start += length;
    }

    /// <summary>Makes place for the rest of a frame: by moving its beginning to the front, and only then by a larger buffer.</summary>
    private void MakeRoom(int length)
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }

        if (_buffer.Length - _start >= length && _end < _buffer.Length)
        {
            return;
        }

        byte[] target = _buffer.Length >= length ? _buffer : new byte[Math.Max(length, _buffer.Length * 2)];
        _buffer.AsSpan(_start, _end - _start).CopyTo(target);
        _buffer = target;
        _end -= _start;
        _start = 0;
    }
}
