namespace SeqCore.Models;

/// <summary>The columns of a table, and how errors describe its rows.</summary>
internal sealed class TableHeader
{
    private readonly string path, unit;
    private readonly string? hint;
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);

    /// <summary>Makes a header.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="unit">What a row is called in errors: "line" or "row".</param>
    /// <param name="names">The names of the columns; null if they have none.</param>
    /// <param name="count">The number of columns.</param>
    /// <param name="hint">What may be wrong if a column is missing, beginning with a space; null for nothing.</param>
    internal TableHeader(string path, string unit, IReadOnlyList<string>? names, int count, string? hint = null)
    {
        (this.path, this.unit, Names, Count, this.hint) = (path, unit, names, count, hint);
        for (var i = 0; i < names?.Count; i++)
            places[names[i]] = places.ContainsKey(names[i]) ? -1 : i;
    }

    /// <summary>The path of the file, as errors quote it.</summary>
    internal string Path => $"'{path}'";

    /// <summary>The names of the columns; null if they have none.</summary>
    internal IReadOnlyList<string>? Names { get; }

    /// <summary>The number of columns.</summary>
    internal int Count { get; }

    /// <summary>Returns the index of a column.</summary>
    /// <exception cref="DataSourceException">The table has no such column, or several of that name.</exception>
    internal int IndexOf(TableColumn column)
    {
        if (column.Name is { } name)
        {
            if (!places.TryGetValue(name, out var place))
                throw Missing(column);
            return place >= 0
                ? place
                : throw new DataSourceException($"'{path}' has several columns '{name}'. Choose one by its number.");
        }

        if (column.Number == 0)
            throw new ArgumentException("TableColumn: neither a name nor a number was given.", nameof(column));
        var index = column.Number > 0 ? column.Number - 1 : Count + column.Number;
        return index >= 0 && index < Count ? index : throw Missing(column);
    }

    /// <summary>Returns what an error says of a row.</summary>
    internal string Place(long number) => $"'{path}', {unit} {number}";

    /// <summary>Returns what an error says of a column.</summary>
    internal string NameOf(int index) => Names is null ? $"column {index + 1}" : $"column '{Names[index]}'";

    private DataSourceException Missing(TableColumn column)
    {
        var there = Names is null
            ? $"it has {Count} without names"
            : $"it has {string.Join(", ", Names.Select(n => $"'{n}'"))}";
        return new DataSourceException($"'{path}' has no {Bare(column)}; {there}.{hint}");
    }

    private static string Bare(TableColumn column) =>
        column.ToString() is var text && text.StartsWith("the ", StringComparison.Ordinal) ? text[4..] : text;
}
