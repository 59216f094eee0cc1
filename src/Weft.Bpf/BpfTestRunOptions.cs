namespace Weft.Bpf;

/// <summary>How a program is run for a test or a measurement.</summary>
public sealed record BpfTestRunOptions
{
    private readonly SkBuffContext _context;

    /// <summary>Runs of the program on the same packet; it sees its own changes, so only a measurement wants more than one.</summary>
    public int Repeat { get; init; } = 1;

    /// <summary>How much longer the packet may become.</summary>
    public int GrowthBytes { get; init; } = 1024;

    /// <summary>Fields of <c>struct __sk_buff</c> that the program finds. Only for program types that take an skb.</summary>
    public SkBuffContext Context
    {
        get => _context;
        init
        {
            _context = value;
            UseContext = true;
        }
    }

    /// <summary>Whether a context was given, and so comes back.</summary>
    public bool UseContext { get; private init; }
}
