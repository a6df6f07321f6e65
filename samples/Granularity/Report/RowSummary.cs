namespace SeqCore.Samples.Granularity;

/// <summary>The runs of a row, which differ in their seeds.</summary>
/// <param name="Units">The units.</param>
/// <param name="Runs">The runs, at least one.</param>
internal sealed record RowSummary(UnitKind Units, IReadOnlyList<RowResult> Runs)
{
    /// <summary>A run; the vocabulary and the split text are those of every run.</summary>
    internal RowResult First => Runs[0];

    /// <summary>The mean of a figure over the runs.</summary>
    internal double Mean(Func<RowResult, double> figure) => Runs.Average(figure);

    /// <summary>The fraction of the held-out tokens that stand for unknown parts.</summary>
    internal double UnknownTokens => (double)First.UnknownTokens / First.HeldOutTokens;

    /// <summary>The fraction of the held-out characters that are in unknown parts.</summary>
    internal double UnknownCharacters => (double)First.UnknownCharacters / First.HeldOutCharacters;

    /// <summary>The bits per character that spelling the unknown parts adds.</summary>
    internal double SpellingBitsPerCharacter => First.SpellingBits / First.HeldOutCharacters;
}

/// <summary>What the rows of a study share.</summary>
/// <param name="Data">The name of the data.</param>
/// <param name="Text">The text.</param>
/// <param name="Options">How the models are trained.</param>
/// <param name="Machine">The device that computed.</param>
internal sealed record StudyDescription(string Data, StudyText Text, StudyOptions Options, string Machine);
