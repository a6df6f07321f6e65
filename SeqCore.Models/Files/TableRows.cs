namespace SeqCore.Models;

/// <summary>Turns the rows of a table into texts with labels, pairs of texts and numbers.</summary>
internal static class TableRows
{
    internal static IEnumerable<LabelledText> Labelled(IEnumerable<TableRow> rows, TableColumn text, TableColumn label,
        string? labelSeparator)
    {
        foreach (var row in rows)
        {
            var cell = row[label];
            string[] labels = labelSeparator is null
                ? [cell.Trim()]
                : cell.Split(labelSeparator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (labels is [{ Length: 0 }])
                throw row.Error(label, "the label is empty");
            yield return new LabelledText(row[text], labels);
        }
    }

    internal static IEnumerable<(string Source, string Target)> Pairs(IEnumerable<TableRow> rows, TableColumn source,
        TableColumn target)
    {
        foreach (var row in rows)
            yield return (row[source], row[target]);
    }

    internal static IEnumerable<float[]> Numbers(IEnumerable<TableRow> rows, IReadOnlyList<TableColumn>? columns, float? missing)
    {
        foreach (var row in rows)
        {
            columns ??= [.. Enumerable.Range(1, row.Count).Select(n => (TableColumn)n)];
            var numbers = new float[columns.Count];
            for (var i = 0; i < numbers.Length; i++)
                numbers[i] = row.Float(columns[i], missing);
            yield return numbers;
        }
    }
}
