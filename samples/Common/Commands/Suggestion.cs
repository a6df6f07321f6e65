using System.CommandLine;

namespace SeqCore.Samples.Common;

/// <summary>Finds the option or command that a user may have meant.</summary>
internal static class Suggestion
{
    /// <summary>A sentence with a name that is close to an unknown word, or nothing.</summary>
    internal static string For(ParseResult parsed, string word)
    {
        var command = parsed.CommandResult.Command;
        var names = command.Options.SelectMany(o => o.Aliases.Prepend(o.Name)).Concat(command.Subcommands.Select(c => c.Name));
        var most = Math.Max(1, word.TrimStart('-').Length / 3);
        var near = names.Select(n => (Name: n, Distance: Distance(word, n))).Where(n => n.Distance <= most)
            .OrderBy(n => n.Distance).ThenBy(n => n.Name, StringComparer.Ordinal).FirstOrDefault();
        return near.Name is null ? "" : $" Did you mean {near.Name}?";
    }

    /// <summary>
    /// The number of letters to insert, remove, replace, or exchange with their neighbour to turn one word into another.
    /// </summary>
    internal static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    rows[i, j] = i + j;
                    continue;
                }

                var replaced = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(replaced, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[a.Length, b.Length];
    }
}
