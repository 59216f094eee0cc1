using System.Buffers.Binary;

namespace Weft.Packets;

/// <summary>ClientHello or ServerHello (RFC 8446 section 4.1), with the extensions that name what is wanted.</summary>
public ref struct TlsHello
{
    private const byte ClientHello = 1;
    private const byte ServerHello = 2;

    /// <summary>Handshake header, version and random.</summary>
    private const int FixedSize = 4 + 2 + 32;

    private const ushort ServerNameExtension = 0;
    private const ushort AlpnExtension = 16;
    private const ushort SupportedVersionsExtension = 43;

    private TlsHello(ReadOnlySpan<byte> data)
    {
        IsClient = data[0] == ClientHello;
        Version = BinaryPrimitives.ReadUInt16BigEndian(data[4..]);
        IsCut = true;
        ReadOnlySpan<byte> rest = data[FixedSize..Math.Min(data.Length, 4 + (data[1] << 16 | data[2] << 8 | data[3]))];
        if (!TakeVector(ref rest, 1, out _))
        {
            return;
        }

        if (IsClient)
        {
            if (!TakeVector(ref rest, 2, out ReadOnlySpan<byte> suites) || !TakeVector(ref rest, 1, out _))
            {
                return;
            }

            CipherSuites = suites.Length / 2;
        }
        else if (!Take(ref rest, 3, out ReadOnlySpan<byte> suite))
        {
            return;
        }
        else
        {
            CipherSuite = BinaryPrimitives.ReadUInt16BigEndian(suite);
        }

        IsCut = !ReadExtensions(rest);
    }

    public bool IsClient { get; }

    /// <summary>The highest that the client offers, or what the server chose, as far as it is at hand: 0x0304 is TLS 1.3.</summary>
    public ushort Version { get; private set; }

    /// <summary>How many a client offers; 0: not at hand.</summary>
    public int CipherSuites { get; private set; }

    /// <summary>What the server chose; 0: not at hand.</summary>
    public ushort CipherSuite { get; private set; }

    /// <summary>Name of the server that the client wants; empty: none at hand.</summary>
    public ReadOnlySpan<byte> ServerName { get; private set; }

    /// <summary>Protocols, each with a byte of length before it; empty: none at hand.</summary>
    public ReadOnlySpan<byte> Alpn { get; private set; }

    /// <summary>The hello goes on behind the bytes at hand, or contradicts itself.</summary>
    public bool IsCut { get; private set; }

    public static bool TryParse(ReadOnlySpan<byte> data, out TlsHello hello)
    {
        hello = default;
        if (data.Length < FixedSize || data[0] is not (ClientHello or ServerHello) || (data[1] << 16 | data[2] << 8 | data[3]) < FixedSize - 4)
        {
            return false;
        }

        hello = new TlsHello(data);
        return true;
    }

    /// <summary>True where all of them were at hand.</summary>
    private bool ReadExtensions(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty)
        {
            return true;
        }

        if (rest.Length < 2)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(rest);
        rest = rest[2..];
        bool isWhole = length <= rest.Length;
        rest = rest[..Math.Min(length, rest.Length)];
        while (Take(ref rest, 2, out ReadOnlySpan<byte> type) && TakeVector(ref rest, 2, out ReadOnlySpan<byte> data))
        {
            ReadExtension(BinaryPrimitives.ReadUInt16BigEndian(type), data);
        }

        return isWhole && rest.IsEmpty;
    }

    private void ReadExtension(ushort type, ReadOnlySpan<byte> data)
    {
        switch (type)
        {
            case ServerNameExtension when TakeVector(ref data, 2, out ReadOnlySpan<byte> names) && Take(ref names, 1, out ReadOnlySpan<byte> kind)
                && kind[0] == 0 && TakeVector(ref names, 2, out ReadOnlySpan<byte> name):
                ServerName = name;
                break;
            case AlpnExtension when TakeVector(ref data, 2, out ReadOnlySpan<byte> protocols):
                Alpn = protocols;
                break;
            case SupportedVersionsExtension when IsClient && TakeVector(ref data, 1, out ReadOnlySpan<byte> versions):
                while (Take(ref versions, 2, out ReadOnlySpan<byte> version))
                {
                    Offer(BinaryPrimitives.ReadUInt16BigEndian(version));
                }

                break;
            case SupportedVersionsExtension when !IsClient && data.Length == 2:
                Version = BinaryPrimitives.ReadUInt16BigEndian(data);
                break;
        }
    }

    /// <summary>Versions that are none are there to keep servers tolerant (GREASE, RFC 8701).</summary>
    private void Offer(ushort version)
    {
        if (version >> 8 == 3 && version > Version)
        {
            Version = version;
        }
    }

    private static bool Take(scoped ref ReadOnlySpan<byte> rest, int length, out ReadOnlySpan<byte> taken)
    {
        bool present = length <= rest.Length;
        taken = present ? rest[..length] : default;
        rest = present ? rest[length..] : rest;
        return present;
    }

    /// <summary>Takes a length of <paramref name="lengthSize"/> bytes and as many bytes as it says; takes nothing where they are not there.</summary>
    private static bool TakeVector(scoped ref ReadOnlySpan<byte> rest, int lengthSize, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        if (rest.Length < lengthSize)
        {
            return false;
        }

        int length = lengthSize == 1 ? rest[0] : BinaryPrimitives.ReadUInt16BigEndian(rest);
        ReadOnlySpan<byte> body = rest[lengthSize..];
        if (!Take(ref body, length, out taken))
        {
            return false;
        }

        rest = body;
        return true;
    }
}
