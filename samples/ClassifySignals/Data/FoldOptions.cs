using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>The options that choose series for folds, which have no parts for validation or tests.</summary>
internal sealed class FoldOptions()
    : DataOptions("set of labelled series", SignalReader.FileHelp, SignalReader.BuiltIn, SignalReader.Sets)
{
    private readonly SignalFormat format = new();

    /// <inheritdoc/>
    public override void AddTo(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        base.AddTo(command);
        format.AddTo(command, needsLabels: true);
    }

    /// <summary>Reads the series.</summary>
    /// <param name="result">The command line.</param>
    /// <returns>The series, and the path of their file; null for those that are built in.</returns>
    /// <exception cref="DataSourceException">The series are not available or not usable.</exception>
    public (IReadOnlyList<LabelledSeries> Series, string? Path) Read(ParseResult result) =>
        SignalReader.ReadAll(this, format, result, known: null);
}
