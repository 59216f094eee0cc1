using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Weft.Store.Etcd;

/// <summary>The certificates of a connection, read from their files anew for each one: who renews them needs to restart nobody.</summary>
internal static class TlsFiles
{
    /// <exception cref="StoreException">A file is missing or is not what it should be.</exception>
    public static SslClientAuthenticationOptions Read(EtcdLocation location, string host)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = host.Trim('[', ']') };
        if (location.CaFile is { } ca)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(ReadCertificates(ca));
        }
        if (location is { CertFile: { } cert, KeyFile: { } key })
        {
            options.ClientCertificates = [ReadPair(cert, key)];
        }
        return options;
    }

    private static X509Certificate2Collection ReadCertificates(string path)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPemFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new StoreException($"read certificates of etcd's CA from {path}: {e.Message.TrimEnd('.')}", e);
        }
        return certificates.Count > 0
            ? certificates
            : throw new StoreException($"read certificates of etcd's CA from {path}: there is none in it (PEM is expected)");
    }

    private static X509Certificate2 ReadPair(string cert, string key)
    {
        SecretFile.RequirePrivate(key);
        try
        {
            return X509Certificate2.CreateFromPemFile(cert, key);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new StoreException($"read the client certificate {cert} with key {key}: {e.Message.TrimEnd('.')}", e);
        }
    }
}
