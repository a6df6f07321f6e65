using System.Globalization;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifyText;

/// <summary>Reads texts and labels from two columns of a table, and finds out which ones if that is not said.</summary>
internal sealed class TableTexts
{
    private readonly string path;
    private readonly TextFormat format;
    private readonly TableRow[] rows;
    private readonly bool hasHeader;
    private readonly int text, label;

    private TableTexts(string path, TextFormat format, IReadOnlyList<string>? known)
    {
        (this.path, this.format) = (path, format);
        rows = Rows(path, format);
        hasHeader = format.Header == "yes" || (format.Header == "auto" && (IsName(format.Text) || IsName(format.Label)
            || (Find(TextFormat.TextNames) >= 0 && Find(TextFormat.LabelNames) >= 0)));
        if (hasHeader && rows.Length == 1)
            throw new DataSourceException($"'{path}' has only a line of names. Texts should follow it.");
        (text, label) = Choose(known);
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="DataSourceException">
    /// The file cannot be read, or a row does not fit; the message names the line and the column.
    /// </exception>
    public static LabelledFile Read(string path, TextFormat format, IReadOnlyList<string>? known)
    {
        var table = new TableTexts(path, format, known);
        return new LabelledFile([.. table.Body.Select(table.Text)], table.Note());
    }

    private static TableRow[] Rows(string path, TextFormat format)
    {
        // The reader's advice is for programs.
        const string Advice = "read the file with HasQuotes = false";
        var options = new DelimitedOptions
        {
            Delimiter = format.Delimiter(path),
            HasHeader = false,
            HasQuotes = format.HasQuotes,
        };
        try
        {
            return [.. DelimitedFile.Read(path, options)];
        }
        catch (DataSourceException wrong) when (wrong.Message.Contains(Advice, StringComparison.Ordinal))
        {
            throw new DataSourceException(wrong.Message.Replace(Advice, "add --quotes no", StringComparison.Ordinal), wrong);
        }
    }

    private IEnumerable<TableRow> Body => rows.Skip(hasHeader ? 1 : 0);

    private int Width => rows[0].Count;

    /// <summary>
    /// Warns of a first line that may hold names, or else says which columns were found; null where nothing had to be found.
    /// </summary>
    private string? Note()
    {
        const int Enough = 20;
        var first = Cell(rows[0], label);
        if (!hasHeader && format.Header == "auto" && rows.Length > Enough && rows.Skip(1).All(r => Cell(r, label) != first))
            return $"The first line of '{path}' may hold names: no other text has the label '{first}'. Add --header yes or no.";
        return format.Text is not null && format.Label is not null
            ? null
            : $"'{path}': texts in column {Describe(text)}, labels in column {Describe(label)}.";
    }

    private string Describe(int column) => hasHeader
        ? $"{column + 1} ('{Cell(rows[0], column)}')"
        : (column + 1).ToString(CultureInfo.InvariantCulture);

    private SourcedText Text(TableRow row)
    {
        var (content, cell) = (Cell(row, text).Trim(), Cell(row, label).Trim());
        if (hasHeader && Enumerable.Range(0, Width).All(c => Cell(row, c) == Cell(rows[0], c)))
            throw new DataSourceException($"{TextLines.Place(path, row.Number)} has the names of the columns again; remove it.");
        if (content.Length == 0)
            throw row.Error(text + 1, "the text is empty; remove the line");
        if (format.Separator is null && cell.Length == 0)
            throw row.Error(label + 1, "the label is empty; each text should have one");
        IReadOnlyList<string> labels = format.Separator is null
            ? [cell]
            : cell.Split(format.Separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new SourcedText(new LabelledText(content, labels), path, row.Number, label + 1);
    }

    private (int Text, int Label) Choose(IReadOnlyList<string>? known)
    {
        var (ofText, ofLabel) = (Column(format.Text, TextFormat.TextNames), Column(format.Label, TextFormat.LabelNames));
        if (Width == 2 && ofText < 0 && ofLabel < 0)
            ofLabel = LikelyLabel(known);
        if (Width == 2 && (ofText < 0 || ofLabel < 0))
            (ofText, ofLabel) = ofText < 0 ? (1 - ofLabel, ofLabel) : (ofText, 1 - ofText);
        if (Width == 1)
        {
            // The reader says what the delimiter seems to be.
            _ = Cell(rows[0], 1);
        }

        if (ofText < 0 || ofLabel < 0)
        {
            throw new DataSourceException($"'{path}' has {Width} columns, the first line"
                + $" '{string.Join("', '", Names().Select(Short))}'. Name those of text and label, or their numbers, with"
                + " --text-column and --label-column.");
        }

        if (ofText == ofLabel)
            throw new DataSourceException($"'{path}': text and label are both column {Describe(ofText)}; they should differ.");
        return (ofText, ofLabel);
    }

    /// <summary>The column with a name or number, or with a usual name; -1 where there is none.</summary>
    private int Column(string? wanted, IReadOnlyList<string> usual)
    {
        if (wanted is null)
            return hasHeader ? Only(Find(usual)) : -1;
        if (hasHeader && Find([wanted]) is >= 0 and var named)
            return Only(named);
        if (!IsName(wanted) && int.Parse(wanted, CultureInfo.InvariantCulture) is var number && number >= 1 && number <= Width)
            return number - 1;
        throw new DataSourceException($"'{path}' has no column {wanted}: it has {Width}"
            + $"{(hasHeader ? $", '{string.Join("', '", Names().Select(Short))}'" : "")}.");
    }

    /// <summary>A column that was found by its name, of which there should not be another one; -1 where there is none.</summary>
    private int Only(int column)
    {
        if (column < 0)
            return column;
        var name = Cell(rows[0], column).Trim();
        int[] same = [.. Enumerable.Range(0, Width)
            .Where(c => Cell(rows[0], c).Trim().Equals(name, StringComparison.OrdinalIgnoreCase))];
        return same.Length == 1
            ? column
            : throw new DataSourceException($"'{path}': the columns {string.Join(" and ", same.Select(Describe))} have the same"
                + " name. Choose one by its number, with --text-column or --label-column.");
    }

    /// <summary>The column with labels that the model knows, or else with fewer different values.</summary>
    private int LikelyLabel(IReadOnlyList<string>? known)
    {
        if (known is not null)
        {
            var names = known.ToHashSet(StringComparer.Ordinal);
            var first = Body.Count(r => names.Contains(Cell(r, 0).Trim()));
            var second = Body.Count(r => names.Contains(Cell(r, 1).Trim()));
            if (first != second)
                return first > second ? 0 : 1;
        }

        return Different(0) < Different(1) ? 0 : 1;

        int Different(int column) => Body.Select(r => Cell(r, column)).Distinct(StringComparer.Ordinal).Count();
    }

    private int Find(IReadOnlyList<string> names)
    {
        for (var column = 0; column < Width; column++)
        {
            if (names.Contains(Cell(rows[0], column).Trim(), StringComparer.OrdinalIgnoreCase))
                return column;
        }

        return -1;
    }

    private IEnumerable<string> Names() => Enumerable.Range(0, Width).Select(column => Cell(rows[0], column));

    private static string Cell(TableRow row, int column) => row[column + 1];

    private static bool IsName(string? column) =>
        column is not null && !(column.Length is > 0 and < 6 && column.All(char.IsAsciiDigit));

    private static string Short(string cell) => cell.Length <= 24 ? cell : $"{cell[..23]}…";
}
