namespace SeqCore.Models;

/// <summary>How a file is written that <see cref="DelimitedFile"/> reads.</summary>
public sealed record DelimitedOptions
{
    /// <summary>
    /// The character between columns. Null, the default, is a tab in files named *.tsv and *.tab (and *.tsv.gz, *.tab.gz), and a
    /// comma in all others.
    /// </summary>
    public char? Delimiter { get; init; }

    /// <summary>Whether the first row has the names of the columns; true is the default.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>
    /// Whether columns may be in double quotes, within which delimiters and ends of lines are text, and two quotes stand for one.
    /// Null, the default, means that they may, unless the delimiter is a tab: there quotes are text like any other.
    /// </summary>
    public bool? HasQuotes { get; init; }
}
