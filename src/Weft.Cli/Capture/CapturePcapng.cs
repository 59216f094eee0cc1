using Weft.Cli.Hosting;
using Weft.Events.Hops;

namespace Weft.Cli.Capture;

/// <summary>Packets in files, or on standard output, of the format pcapng.</summary>
internal sealed class CapturePcapng : ICaptureWriter
{
    private readonly Invocation _invocation;
    private readonly CaptureFiles? _files;
    private readonly long _fileBytes;
    private readonly Func<Stream, CaptureSection> _begin;
    private readonly Func<IReadOnlyDictionary<string, ulong>> _lost;
    private readonly MemoryStream _pending = new();
    private IReadOnlyDictionary<string, ulong> _told = new Dictionary<string, ulong>();
    private CaptureSection _section;
    private long _written;

    /// <param name="files">Null: standard output.</param>
    /// <param name="begin">Begins a section.</param>
    /// <param name="lost">What was lost until now, by node.</param>
    public CapturePcapng(
        Invocation invocation, CaptureFiles? files, long fileBytes, Func<Stream, CaptureSection> begin, Func<IReadOnlyDictionary<string, ulong>> lost)
    {
        _invocation = invocation;
        _files = files;
        _fileBytes = fileBytes;
        _begin = begin;
        _lost = lost;
        files?.Open();
        _section = begin(_pending);
    }

    public void Write(Sighting seen)
    {
        if (_fileBytes > 0 && _written + _pending.Length >= _fileBytes)
        {
            Finish(_lost());
            Put();
            _files!.Open();
            _written = 0;
            _section = _begin(_pending);
        }

        _section.Write(seen);
        if (_files is not null && _pending.Length > 1 << 20)
        {
            Put();
        }
    }

    public async Task FlushAsync()
    {
        if (_files is not null)
        {
            Put();
            return;
        }

        await _invocation.WriteBytesAsync(_pending.GetBuffer().AsMemory(0, (int)_pending.Length));
        _pending.SetLength(0);
    }

    public Task FinishAsync(IReadOnlyDictionary<string, ulong> lost)
    {
        Finish(lost);
        return FlushAsync();
    }

    public void Dispose()
    {
        _files?.Dispose();
        _pending.Dispose();
    }

    private void Put()
    {
        _files!.Write(_pending.GetBuffer().AsSpan(0, (int)_pending.Length));
        _written += _pending.Length;
        _pending.SetLength(0);
    }

    private void Finish(IReadOnlyDictionary<string, ulong> lost)
    {
        ulong now = (ulong)(_invocation.Clock.GetUtcNow().UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * TimeSpan.NanosecondsPerTick;
        _section.Finish(lost.ToDictionary(node => node.Key, node => node.Value - _told.GetValueOrDefault(node.Key)), now);
        _told = lost;
    }
}
