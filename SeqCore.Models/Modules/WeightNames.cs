namespace SeqCore.Models;

/// <summary>
/// The names and the layout of a model's weights in another program or file format: a table that is read in both directions, by
/// <see cref="Module.LoadStateDictionary(IReadOnlyDictionary{string, Tensor}, WeightNames)"/> and
/// <see cref="Module.StateDictionary(WeightNames)"/>.
/// </summary>
public sealed class WeightNames
{
    private readonly (string[] Own, string[] Foreign, bool IsTransposed)[] rows;

    /// <summary>Makes a naming from a table.</summary>
    /// <param name="format">The name of the naming in errors.</param>
    /// <param name="table">
    /// The rows of the table. The first row that matches a name counts. Their order is that of the weights in each layer.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A row lacks a name, or has more numbers in the other naming than here; the message names the row.
    /// </exception>
    public WeightNames(string format, IEnumerable<WeightName> table)
    {
        Format = Argument.NotNull(format);
        rows = [.. Argument.NoNulls(table, nameof(WeightNames), nameof(table)).Select(Row)];
    }

    /// <summary>The name of the naming in errors.</summary>
    public string Format { get; }

    /// <summary>Returns the name in the table for another spelling of it in a file.</summary>
    public Func<string, string> Normalize { get; init; } = name => name;

    /// <summary>Returns whether a name of a file may be skipped if the model has no such weight, such as a buffer.</summary>
    public Func<string, bool> IsOptional { get; init; } = _ => false;

    /// <summary>Returns the reason why a module cannot have weights of this naming; null if it can.</summary>
    public Func<Module, string?> Mismatch { get; init; } = _ => null;

    /// <summary>Names the entries of a module, in the order of the table.</summary>
    /// <exception cref="ArgumentException">The table has no name for a weight; the message lists all such weights.</exception>
    internal IReadOnlyList<WeightEntry> Of(IEnumerable<WeightEntry> entries, Module module)
    {
        var named = new List<(int Group, int Row, WeightEntry Entry)>();
        List<string> unnamed = [];
        var (group, numbers) = (0, "");
        foreach (var entry in entries)
        {
            var path = entry.Name.Split('.');
            var row = Array.FindIndex(rows, r => Fits(r.Own, path));
            if (row < 0)
            {
                unnamed.Add(entry.Name);
                continue;
            }

            // Adjacent entries with the same numbers are parts of one layer.
            var own = Numbers(rows[row].Own, path);
            (group, numbers) = (string.Join('.', own) == numbers ? group : group + 1, string.Join('.', own));
            named.Add((group, row, entry with
            {
                Name = Name(rows[row].Foreign, own, path[rows[row].Own.Length..]),
                Origin = entry.Name,
                IsTransposed = rows[row].IsTransposed && entry.Parameter.Shape.Rank == 2,
            }));
        }

        if (unnamed.Count > 0)
            throw Unfit(module, $"it has no name for {string.Join(", ", unnamed)}");
        return [.. named.OrderBy(n => n.Group).ThenBy(n => n.Row).Select(n => n.Entry)];
    }

    /// <summary>Returns the tensors of an entry under their names: several for a packed one.</summary>
    /// <exception cref="ArgumentException">The number of names is not the number of tensors.</exception>
    internal static IEnumerable<NamedWeight> Split(WeightEntry entry, Module module, WeightNames? names)
    {
        var (name, parameter) = (entry.Name, entry.Parameter);
        if (names is null || !name.Contains('+', StringComparison.Ordinal))
        {
            yield return new NamedWeight(name, parameter, parameter.Value, 0, entry.IsTransposed) { Origin = entry.Origin };
            yield break;
        }

        var path = name.Split('.');
        var level = Array.FindIndex(path, p => p.Contains('+', StringComparison.Ordinal));
        var parts = path[level].Split('+');
        var rows = parameter.Parts ?? [parameter.Shape[0]];
        if (rows.Count != parts.Length)
        {
            throw names.Unfit(module, $"it has the {parts.Length} tensors {string.Join(", ", parts)} where the model has"
                + $" {rows.Count}, in {name}");
        }

        var start = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            path[level] = parts[i];
            yield return new NamedWeight(string.Join('.', path), parameter, parameter.Value.Slice(0, start, rows[i]), start,
                entry.IsTransposed)
            {
                Origin = entry.Origin,
            };
            start += rows[i];
        }
    }

    /// <summary>Returns the weights without repetitions: a shared parameter may have one name for all of its own.</summary>
    /// <exception cref="ArgumentException">Different weights would have the same name; the message names them.</exception>
    internal List<NamedWeight> Distinct(IEnumerable<NamedWeight> weights, Module module)
    {
        var first = new OrderedDictionary<string, NamedWeight>();
        foreach (var weight in weights)
        {
            if (first.TryAdd(weight.Name, weight))
                continue;
            var other = first[weight.Name];
            if ((other.Parameter, other.Start, other.IsTransposed) != (weight.Parameter, weight.Start, weight.IsTransposed))
                throw Unfit(module, $"{other.Origin} and {weight.Origin} would both have the name {weight.Name}");
        }

        return [.. first.Values];
    }

    /// <summary>Returns a file's weights under the names of the table, without optional ones that the model lacks.</summary>
    internal Dictionary<string, Tensor> Normalized(IReadOnlyDictionary<string, Tensor> state, IReadOnlySet<string> known)
    {
        var normalized = new Dictionary<string, Tensor>();
        var spellings = new Dictionary<string, string>();
        foreach (var (given, value) in state)
        {
            var name = known.Contains(given) ? given : Normalize(given);
            if (!known.Contains(name) && IsOptional(name))
                continue;
            if (!spellings.TryAdd(name, given))
            {
                throw new ArgumentException($"{Format}: the file has two weights of the name '{name}', spelled"
                    + $" '{spellings[name]}' and '{given}'.");
            }

            normalized.Add(name, value);
        }

        return normalized;
    }

    /// <summary>Returns whether a name of a file is in the table, in any spelling, or optional.</summary>
    internal bool Knows(string name)
    {
        return Has(name) || Has(Normalize(name));

        bool Has(string name)
        {
            var path = name.Split('.');
            return IsOptional(name)
                || Array.Exists(rows, r => Fits([.. r.Foreign.Select((part, i) => Part(part, path, i))], path));
        }

        static string Part(string part, string[] path, int i) =>
            i < path.Length && part.Split('+').Contains(path[i]) ? path[i] : part;
    }

    internal void Require(Module module)
    {
        if (Mismatch(module) is { } reason)
            throw Unfit(module, reason);
    }

    private ArgumentException Unfit(Module module, string reason) =>
        new($"{module.Kind}: its weights cannot have the names of {Format}: {reason}.");

    private static (string[] Own, string[] Foreign, bool IsTransposed) Row(WeightName row, int index)
    {
        if (row.Own is null || row.Foreign is null)
            throw Wrong("should have both names");
        var (own, foreign) = (row.Own.Split('.'), row.Foreign.Split('.'));
        return foreign.Count(n => n == "*") <= own.Count(n => n == "*")
            ? (own, foreign, row.IsTransposed)
            : throw Wrong("has more numbers (*) in the other naming than here");

        ArgumentException Wrong(string problem) => new(
            $"WeightNames: row {index} of the table, '{row.Own ?? "null"}' to '{row.Foreign ?? "null"}', {problem}.", "table");
    }

    private static bool Fits(string[] row, string[] path)
    {
        if (row.Length > path.Length)
            return false;
        for (var i = 0; i < row.Length; i++)
        {
            if (row[i] == "*" ? !path[i].All(char.IsAsciiDigit) : row[i] != path[i])
                return false;
        }

        return true;
    }

    private static string[] Numbers(string[] row, string[] path) => [.. path.Take(row.Length).Where((_, i) => row[i] == "*")];

    private static string Name(string[] foreign, string[] numbers, string[] rest)
    {
        var next = 0;
        return string.Join('.', foreign.Select(f => f == "*" ? numbers[next++] : f).Concat(rest));
    }
}
