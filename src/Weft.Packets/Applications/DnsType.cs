namespace Weft.Packets;

/// <summary>Types of DNS records that have a name here; others are shown as <c>TYPE</c> and their number (RFC 3597).</summary>
public enum DnsType : ushort
{
    A = 1,
    NS = 2,
    CNAME = 5,
    SOA = 6,
#pragma warning disable CA1720 // The name that the RFC gives it.
    PTR = 12,
#pragma warning restore CA1720
    MX = 15,
    TXT = 16,
    AAAA = 28,
    SRV = 33,
    NAPTR = 35,
    OPT = 41,
    DS = 43,
    RRSIG = 46,
    NSEC = 47,
    DNSKEY = 48,
    TLSA = 52,
    SVCB = 64,
    HTTPS = 65,
    IXFR = 251,
    AXFR = 252,
    ANY = 255,
    CAA = 257,
}
