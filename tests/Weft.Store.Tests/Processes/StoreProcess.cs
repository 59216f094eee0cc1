using System.Diagnostics;
using System.Globalization;
using System.Text;
using Weft.Store.Sqlite;

namespace Weft.Store.Tests.Processes;

/// <summary>Another process that uses the store, started from this same program. It prints one line per acknowledged write.</summary>
internal static class StoreProcess
{
    public const string Command = "store-process";

    /// <summary>Starts `store-process KIND PATH NAME COUNT`.</summary>
    public static Process Start(string kind, string path, string name, int count)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        string assembly = typeof(StoreProcess).Assembly.Location;
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(assembly);
        }
        foreach (string argument in new[] { Command, kind, path, name, count.ToString(CultureInfo.InvariantCulture) })
        {
            start.ArgumentList.Add(argument);
        }
        return Process.Start(start)!;
    }

    public static async Task<int> RunAsync(string[] args)
    {
        (string kind, string path, string name, int count) = (args[0], args[1], args[2], int.Parse(args[3], CultureInfo.InvariantCulture));
        await using SqliteStore store = await SqliteStore.OpenAsync(new SqliteStoreOptions { Path = path }, CancellationToken.None);
        using StreamWriter output = new(Console.OpenStandardOutput()) { AutoFlush = true };
        for (int i = 0; i < count; i++)
        {
            Revision revision = kind == "append"
                ? await AppendAsync(store, $"{name}/{i}", $"{i}")
                : await IncrementAsync(store, name);
            await output.WriteLineAsync($"{i} {revision}");
        }
        return 0;
    }

    private static async Task<Revision> AppendAsync(SqliteStore store, string key, string value)
    {
        PutResult result = await store.PutAsync(new StorePut(key, Encoding.UTF8.GetBytes(value)), CancellationToken.None);
        return result.Current!.Modified;
    }

    private static async Task<Revision> IncrementAsync(SqliteStore store, string key)
    {
        StoreEntry? read = await store.GetAsync(key, CancellationToken.None);
        while (true)
        {
            int value = read is null ? 0 : int.Parse(Encoding.UTF8.GetString(read.Value.Span), CultureInfo.InvariantCulture);
            PutResult result = await store.PutAsync(
                new StorePut(key, Encoding.UTF8.GetBytes($"{value + 1}"))
                {
                    Condition = read is null ? PutCondition.Absent : PutCondition.At(read.Modified),
                },
                CancellationToken.None);
            if (result.Written)
            {
                return result.Current!.Modified;
            }
            read = result.Current;
        }
    }
}
