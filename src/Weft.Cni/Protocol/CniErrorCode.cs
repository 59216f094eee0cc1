namespace Weft.Cni.Protocol;

/// <summary>Error codes of the CNI specification, section "Error"; those from 100 on are a plugin's own.</summary>
internal static class CniErrorCode
{
    public const int IncompatibleVersion = 1;
    public const int UnsupportedField = 2;
    public const int UnknownContainer = 3;
    public const int InvalidEnvironment = 4;
    public const int Io = 5;
    public const int Decoding = 6;
    public const int InvalidConfig = 7;
    public const int TryAgainLater = 11;
    public const int NotAvailable = 50;
    public const int LimitedConnectivity = 51;

    /// <summary>The agent or the kernel refused; the message says why.</summary>
    public const int Failed = 100;

    /// <summary>CHECK found something missing or changed.</summary>
    public const int NotAsAdded = 101;
}
