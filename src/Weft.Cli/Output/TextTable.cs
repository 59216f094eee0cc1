namespace Weft.Cli.Output;

/// <summary>Columns of text, three spaces apart, as users of Cilium's command line know them; no blanks at a line's end.</summary>
internal sealed class TextTable(int indent = 0)
{
    private const int Gap = 3;
    private readonly List<string[]> _rows = [];

    public int Count => _rows.Count;

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Write(TextWriter output)
    {
        int[] widths = Widths();
        foreach (string[] row in _rows)
        {
            string line = string.Concat(row.Select((cell, column) => cell.PadRight(widths[column])));
            output.WriteLine((new string(' ', indent) + line).TrimEnd());
        }
    }

    private int[] Widths()
    {
        int[] widths = new int[_rows.Count == 0 ? 0 : _rows.Max(row => row.Length)];
        foreach (string[] row in _rows)
        {
            for (int column = 0; column < row.Length; column++)
            {
                widths[column] = Math.Max(widths[column], row[column].Length + Gap);
            }
        }

        return widths;
    }
}
