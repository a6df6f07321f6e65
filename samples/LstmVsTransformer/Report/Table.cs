namespace SeqCore.Samples.LstmVsTransformer.Report;

/// <summary>A table for the page and the terminal.</summary>
/// <param name="Title">Stands above it.</param>
/// <param name="Head">Names of the columns.</param>
/// <param name="Rows">As many cells each.</param>
internal sealed record Table(string Title, IReadOnlyList<string> Head, IReadOnlyList<IReadOnlyList<string>> Rows);
