namespace Weft.Policy.Reading;

/// <summary>Finds the word that was probably meant.</summary>
internal static class Spelling
{
    /// <summary>Null where no word is near.</summary>
    public static string? Nearest(string written, IEnumerable<string> words) => words
        .Select(word => (Word: word, Distance: Distance(written.ToUpperInvariant(), word.ToUpperInvariant())))
        .Where(candidate => candidate.Distance <= Math.Max(1, candidate.Word.Length / 3))
        .OrderBy(candidate => candidate.Distance).ThenBy(candidate => candidate.Word, StringComparer.Ordinal)
        .Select(candidate => candidate.Word).FirstOrDefault();

    /// <summary>Letters to insert, leave out or change to get from one to the other (Levenshtein). Long texts are not compared.</summary>
    private static int Distance(string one, string other)
    {
        if (one.Length > 64)
        {
            return int.MaxValue;
        }

        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 1; i <= one.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (one[i - 1] == other[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
