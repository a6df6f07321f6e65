using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Summarize;

/// <summary>Texts with summaries, split into those for training, for validation and for a last test.</summary>
/// <param name="Training">The examples that a model is trained on.</param>
/// <param name="Validation">The examples by which models and options are chosen.</param>
/// <param name="Test">The examples that are used once, for the figures that are reported.</param>
/// <param name="Others">Further test sets.</param>
internal sealed record SummaryCorpus(IReadOnlyList<Example> Training, IReadOnlyList<Example> Validation,
    IReadOnlyList<Example> Test, params (string Name, IReadOnlyList<Example> Examples)[] Others)
{
    /// <summary>The name of the validation examples on the command line.</summary>
    public const string ValidationName = "validation";

    private const string TrainingName = "training", TestName = "test";
    private const ulong SplitSeed = 0x73756D73;

    /// <summary>The files that were read, the main one first, and for which part; empty for built-in data.</summary>
    public IReadOnlyList<(string Part, string Path)> Files { get; init; } = [];

    /// <summary>The names of the splits that can be scored.</summary>
    public IEnumerable<string> Splits => [ValidationName, TestName, .. Others.Select(o => o.Name)];

    /// <summary>
    /// Splits examples, about a tenth each for validation and test, always in the same way; no text is in two parts.
    /// </summary>
    /// <param name="examples">The examples.</param>
    /// <param name="name">The name of the examples in errors.</param>
    /// <exception cref="DataSourceException">There are too few examples.</exception>
    public static SummaryCorpus Split(IEnumerable<Example> examples, string name)
    {
        var groups = examples.GroupBy(e => e.Source, StringComparer.Ordinal).Select(g => g.ToArray()).ToArray();
        if (groups.Length < 10)
        {
            throw new DataSourceException($"{name} has {Show.Number(groups.Length, "different text")} with summaries; there"
                + " should be at least ten, preferably thousands.");
        }

        var random = new RandomGenerator(SplitSeed);
        for (var i = groups.Length - 1; i > 0; i--)
        {
            var j = random.NextInt32(i + 1);
            (groups[i], groups[j]) = (groups[j], groups[i]);
        }

        var tenth = groups.Length / 10;
        return new SummaryCorpus(Part(2 * tenth, groups.Length), Part(0, tenth), Part(tenth, 2 * tenth));

        Example[] Part(int start, int end) => [.. groups[start..end].SelectMany(g => g)];
    }

    /// <summary>The examples of a split.</summary>
    /// <exception cref="UserException">There is no such split.</exception>
    public IReadOnlyList<Example> Of(string split) => split switch
    {
        ValidationName => Validation,
        TestName => Test,
        _ => Array.Find(Others, o => o.Name == split).Examples ?? throw new UserException(
            $"--split: these data have no part '{split}'; they have {string.Join(", ", Splits)}.", isUsage: true),
    };

    /// <summary>The same examples in lower case.</summary>
    public SummaryCorpus Lowercase() => new(Lower(Training), Lower(Validation), Lower(Test),
        [.. Others.Select(o => (o.Name, Lower(o.Examples)))])
    {
        Files = Files,
    };

    /// <summary>The parts for a model card.</summary>
    /// <param name="builtIn">The name of built-in data.</param>
    public IReadOnlyList<CardData> Card(string builtIn) => CardData.OfParts(builtIn, Files,
        [(TrainingName, Training.Count), (ValidationName, Validation.Count), (TestName, Test.Count)]);

    private static IReadOnlyList<Example> Lower(IReadOnlyList<Example> examples) =>
        [.. examples.Select(e =>
            new Example(e.Text.ToLowerInvariant(), e.Summary.ToLowerInvariant(), e.Topic?.ToLowerInvariant()))];
}
