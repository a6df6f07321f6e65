using System.Globalization;

namespace SeqCore.Models;

/// <summary>
/// A column of a table, by its name or by its number: a string or an int converts to it. Numbers count from 1, or from -1 at the
/// last column.
/// </summary>
/// <example>
/// <code>
/// TableColumn byName = "label";
/// TableColumn first = 1, last = -1;
/// Console.WriteLine($"{byName}, {first}, {last}");         // column 'label', column 1, the last column
/// </code>
/// </example>
public readonly record struct TableColumn
{
    private TableColumn(string? name, int number) => (Name, Number) = (name, number);

    /// <summary>The name; null if the column is chosen by its number.</summary>
    public string? Name { get; }

    /// <summary>The number, from 1, or negative from the last, which is -1; 0 if the column is chosen by its name.</summary>
    public int Number { get; }

    /// <summary>Chooses a column by its name.</summary>
    public static implicit operator TableColumn(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new(name, 0);
    }

    /// <summary>Chooses a column by its number.</summary>
    public static implicit operator TableColumn(int number) => number != 0
        ? new(null, number)
        : throw new ArgumentOutOfRangeException(nameof(number), number,
            "TableColumn: columns count from 1, or from -1 at the last; 0 is none.");

    /// <summary>Returns how an error refers to the column.</summary>
    public override string ToString() => Name is not null ? $"column '{Name}'"
        : Number == -1 ? "the last column"
        : Number > 0 ? $"column {Number.ToString(CultureInfo.InvariantCulture)}"
        : $"column {(-(long)Number).ToString(CultureInfo.InvariantCulture)} from the last";
}
