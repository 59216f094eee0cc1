namespace EndToEnd.Harness;

internal static class ServicePorts
{
    /// <summary>On which backends listen.</summary>
    public const int Target = 8080;
}
