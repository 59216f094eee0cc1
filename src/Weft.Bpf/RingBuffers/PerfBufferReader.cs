using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Weft.Bpf.Interop;
using Weft.Bpf.Maps;
using Weft.Linux;

namespace Weft.Bpf.RingBuffers;

/// <summary>Reads what programs send by <c>bpf_perf_event_output</c> or <c>bpf_skb_output</c>: a buffer a CPU, each in the order in which it was written.</summary>
/// <remarks>
/// Records of different CPUs come in no order. What finds a buffer full is the program's to count, which is told so. Not thread-safe except for
/// <see cref="Wake"/>. CPUs that are offline when it is made have no buffer. Protocol: linux/perf_event.h, struct perf_event_mmap_page.
/// </remarks>
public sealed unsafe class PerfBufferReader : IDisposable
{
    private const uint PERF_TYPE_SOFTWARE = 1;
    private const ulong PERF_COUNT_SW_BPF_OUTPUT = 10;
    private const ulong PERF_SAMPLE_RAW = 1 << 10;
    private const ulong PERF_FLAG_FD_CLOEXEC = 1 << 3;
    private const nuint PERF_EVENT_IOC_ENABLE = 0x2400;
    private const uint PERF_RECORD_SAMPLE = 9;
    private const int DataHead = 1024;
    private const int DataTail = 1032;
    private const int HeaderSize = 8;

    private readonly List<Buffer> _buffers = [];
    private readonly FileDescriptor _wakeUp;
    private byte[] _wrapped = new byte[ushort.MaxValue + 1];
    private int _next;

    /// <param name="map">A <see cref="BpfMapType.PerfEventArray"/>, whose elements this fills; it may be closed afterwards.</param>
    /// <param name="bytesPerCpu">A power of two, and at least a page.</param>
    public PerfBufferReader(BpfMap map, int bytesPerCpu)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (map.Schema.Type != BpfMapType.PerfEventArray)
        {
            throw new ArgumentException($"map {map.Name} is a {map.Schema.Type}, not a perf event array");
        }

        int wakeUp = LibC.EventFd(0, LibC.EFD_CLOEXEC | LibC.EFD_NONBLOCK);
        _wakeUp = wakeUp >= 0 ? FileDescriptor.Own(wakeUp) : throw LinuxException.FromLastError("create an eventfd");
        try
        {
            Span<byte> element = stackalloc byte[2 * sizeof(int)];
            for (int cpu = 0; cpu < PossibleCpus.Count; cpu++)
            {
                if (Buffer.Open(cpu, bytesPerCpu) is { } buffer)
                {
                    _buffers.Add(buffer);
                    BinaryPrimitives.WriteInt32LittleEndian(element, cpu);
                    BinaryPrimitives.WriteInt32LittleEndian(element[sizeof(int)..], buffer.Fd.Number);
                    map.Update(element[..sizeof(int)], element[sizeof(int)..]);
                }
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The next record of any CPU, or false when there is none now.</summary>
    /// <param name="record">Perhaps with some bytes behind its end, since sizes are rounded up; valid until the next call of this object.</param>
    public bool TryRead(out ReadOnlySpan<byte> record)
    {
        for (int tried = 0; tried < _buffers.Count; tried++)
        {
            if (_buffers[_next].TryRead(_wrapped, out record))
            {
                return true;
            }

            _next = (_next + 1) % _buffers.Count;
        }

        record = default;
        return false;
    }

    /// <summary>Waits until there is a record, or somebody calls <see cref="Wake"/>.</summary>
    public void Wait()
    {
        LibC.PollFd[] fds =
        [
            .. _buffers.Select(buffer => new LibC.PollFd { Fd = buffer.Fd.Number, Events = LibC.POLLIN }),
            new() { Fd = _wakeUp.Number, Events = LibC.POLLIN },
        ];
        fixed (LibC.PollFd* first = fds)
        {
            if (LibC.Poll(first, (nuint)fds.Length, -1) < 0 && LinuxException.FromLastError("wait for a perf buffer") is { Errno: not Errno.EINTR } failure)
            {
                throw failure;
            }
        }

        ulong count;
        _ = LibC.Read(_wakeUp, &count, sizeof(ulong));
    }

    /// <summary>Ends the wait that is going on, or else the next one. From any thread.</summary>
    public void Wake()
    {
        ulong one = 1;
        _ = LibC.Write(_wakeUp, &one, sizeof(ulong));
    }

    public void Dispose()
    {
        foreach (Buffer buffer in _buffers)
        {
            buffer.Dispose();
        }

        _wakeUp.Dispose();
    }

    /// <summary>One CPU's: a page of positions, then the data.</summary>
    private sealed class Buffer : IDisposable
    {
        private readonly MappedMemory _memory;
        private readonly byte* _page;
        private readonly byte* _data;
        private readonly ulong _size;

        private Buffer(FileDescriptor fd, MappedMemory memory, int bytes)
        {
            Fd = fd;
            _memory = memory;
            _page = (byte*)memory.Address;
            _data = _page + Environment.SystemPageSize;
            _size = (ulong)bytes;
        }

        public FileDescriptor Fd { get; }

        /// <summary>Null: the CPU is offline.</summary>
        public static Buffer? Open(int cpu, int bytes)
        {
            LibC.PerfEventAttributes attributes = new()
            {
                Type = PERF_TYPE_SOFTWARE,
                Size = (uint)sizeof(LibC.PerfEventAttributes),
                Config = PERF_COUNT_SW_BPF_OUTPUT,
                SamplePeriod = 1,
                SampleType = PERF_SAMPLE_RAW,
                WakeUpEvents = 1,
            };
            string what = string.Create(CultureInfo.InvariantCulture, $"perf buffer of CPU {cpu}");
            int result = LibC.PerfEventOpen(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 241 : 298, &attributes, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);
            if (result < 0)
            {
                LinuxException failure = LinuxException.FromLastError($"open {what}");
                return failure.Errno == Errno.ENODEV ? null : throw failure;
            }

            FileDescriptor fd = FileDescriptor.Own(result);
            try
            {
                MappedMemory memory = MappedMemory.Of(fd, (nuint)(Environment.SystemPageSize + bytes), writable: true, 0, what);
                Buffer buffer = new(fd, memory, bytes);
                return LibC.IoControl(fd, PERF_EVENT_IOC_ENABLE, 0) == 0 ? buffer : throw LinuxException.FromLastError($"enable {what}");
            }
            catch
            {
                fd.Dispose();
                throw;
            }
        }

        public bool TryRead(byte[] wrapped, out ReadOnlySpan<byte> record)
        {
            ref ulong tail = ref *(ulong*)(_page + DataTail);
            while (tail < Volatile.Read(ref *(ulong*)(_page + DataHead)))
            {
                byte* header = _data + (tail % _size);
                uint type = *(uint*)header;
                int length = *(ushort*)(header + 6);
                ReadOnlySpan<byte> body = Read(tail + HeaderSize, length - HeaderSize, wrapped);
                if (type == PERF_RECORD_SAMPLE)
                {
                    // In a copy, so that its room is the kernel's again at once.
                    record = body[sizeof(uint)..];
                    Volatile.Write(ref tail, tail + (ulong)length);
                    return true;
                }

                Volatile.Write(ref tail, tail + (ulong)length);
            }

            record = default;
            return false;
        }

        public void Dispose()
        {
            _memory.Dispose();
            Fd.Dispose();
        }

        private Span<byte> Read(ulong position, int length, byte[] into)
        {
            ulong at = position % _size;
            int first = (int)Math.Min((ulong)length, _size - at);
            new ReadOnlySpan<byte>(_data + at, first).CopyTo(into);
            new ReadOnlySpan<byte>(_data, length - first).CopyTo(into.AsSpan(first));
            return into.AsSpan(0, length);
        }
    }
}
