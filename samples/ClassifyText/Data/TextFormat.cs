using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifyText;

/// <summary>How a file holds texts and labels.</summary>
internal sealed record TextFormat
{
    /// <summary>Usual names of columns and fields with texts.</summary>
    public static IReadOnlyList<string> TextNames { get; } =
        ["text", "sentence", "question", "review", "comment", "content", "document", "body", "title", "message"];

    /// <summary>Usual names of columns and fields with labels.</summary>
    public static IReadOnlyList<string> LabelNames { get; } =
        ["label", "labels", "class", "category", "categories", "target", "sentiment", "tag", "tags", "polarity", "topic"];

    /// <summary>tsv, csv, jsonl, or auto to decide by the extension of the file.</summary>
    public string Format { get; init; } = "auto";

    /// <summary>The column of the text: its name or its number from 1; or the field of JSON; null to find it.</summary>
    public string? Text { get; init; }

    /// <summary>The column or field of the label; null to find it.</summary>
    public string? Label { get; init; }

    /// <summary>Whether the first line of a table holds names: yes, no or auto.</summary>
    public string Header { get; init; } = "auto";

    /// <summary>Whether columns of a table may be in double quotes; null where only those of CSV may.</summary>
    public bool? HasQuotes { get; init; }

    /// <summary>What separates labels in a cell of a table; null where each text has exactly one label.</summary>
    public string? Separator { get; init; }

    /// <summary>Whether a file holds JSON lines.</summary>
    public bool IsJson(string path) =>
        Format == "jsonl" || (Format == "auto" && Extension(path) is ".JSONL" or ".NDJSON" or ".JSON");

    /// <summary>What separates the columns of a table: a comma in CSV, else a tab.</summary>
    public char Delimiter(string path) => Format == "csv" || (Format == "auto" && Extension(path) == ".CSV") ? ',' : '\t';

    /// <summary>Reads a file.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="known">Labels that a model knows, which help to find their column; null for none.</param>
    /// <exception cref="SeqCore.Models.DataSourceException">
    /// The file cannot be read, or a line does not fit; the message names it.
    /// </exception>
    public LabelledFile Read(string path, IReadOnlyList<string>? known = null) =>
        IsJson(path) ? JsonTexts.Read(path, this) : TableTexts.Read(path, this, known);

    private static string Extension(string path) =>
        Path.GetExtension(path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path).ToUpperInvariant();
}

/// <summary>The texts of a file.</summary>
/// <param name="Texts">The texts, at least one.</param>
/// <param name="Note">How columns were found, for people; null where nothing had to be found.</param>
internal sealed record LabelledFile(IReadOnlyList<SourcedText> Texts, string? Note = null);
