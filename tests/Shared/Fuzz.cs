using System.Globalization;
using Xunit.Sdk;

namespace Weft.Tests.Shared;

/// <summary>Feeds parsers damaged forms of valid input. A failure names the seed or length that repeats it.</summary>
public static class Fuzz
{
    private const string SeedVariable = "WEFT_FUZZ_SEED";

    /// <summary>Hands every proper prefix of the input, shortest first, in an array of exactly that length.</summary>
    public static void EveryTruncation(ReadOnlySpan<byte> valid, Action<byte[]> parse)
    {
        for (int length = 0; length < valid.Length; length++)
        {
            byte[] cut = valid[..length].ToArray();
            Guard($"input cut to {length} of {valid.Length} bytes", cut, parse);
        }
    }

    /// <summary>
    /// Hands inputs with random bytes changed, removed, doubled and cut; new ones in every run unless <c>WEFT_FUZZ_SEED</c> is
    /// set.
    /// </summary>
    public static void Mutations(ReadOnlySpan<byte> valid, Action<byte[]> parse, int count = 2000)
    {
        int seed = Environment.GetEnvironmentVariable(SeedVariable) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        Random random = new(seed);
        byte[] original = valid.ToArray();
        for (int round = 0; round < count; round++)
        {
            byte[] mutated = Mutate(original, random);
            Guard($"mutation {round}, repeat with {SeedVariable}={seed}", mutated, parse);
        }
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        List<byte> bytes = [.. original];
        int changes = random.Next(1, 6);
        for (int change = 0; change < changes && bytes.Count > 0; change++)
        {
            int at = random.Next(bytes.Count);
            int length = Math.Min(random.Next(1, 9), bytes.Count - at);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes[at] = random.Next(2) == 0 ? (byte)0 : (byte)255;
                    break;
                case 3:
                    bytes.RemoveRange(at, length);
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
            }
        }

        return [.. bytes];
    }

    private static void Guard(string what, byte[] input, Action<byte[]> parse)
    {
        try
        {
            parse(input);
        }
        catch (Exception exception) // any exception at all is the finding
        {
            throw new XunitException($"{what}: {exception.GetType().Name}: {exception.Message}\n{Convert.ToHexString(input)}", exception);
        }
    }
}
