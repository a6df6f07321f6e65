using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.SequenceToSequence;

/// <summary>The options that choose the pairs.</summary>
/// <param name="ofModel">Whether the command is for trained models, whose data are the default.</param>
internal sealed class PairOptions(bool ofModel = false)
    : DataOptions("set of pairs", Lines, BuiltIn, [.. PairSet.All.Select(s => s.Source)])
{
    /// <summary>The name under which the configuration of a run records that the pairs were swapped.</summary>
    public const string ReverseEntry = "reverse";

    /// <summary>The name under which the configuration of a run records the hash of the user's file.</summary>
    public const string FileHashEntry = "file_sha256";

    private const string BuiltIn = "dates", Lines = "A UTF-8 file of your own pairs; each line is source, tab, target.";

    private readonly Option<string?> validation = OptionKinds.Path("--validation",
        (ofModel ? "A file of the pairs for validation." : "A file of pairs to choose the best weights by.")
            + " [default: about a tenth of the data, at most 1,000 pairs]", "FILE");

    private readonly Option<string?> test = OptionKinds.Path("--test",
        "A file of pairs for evaluate --split test. [default: those of the named set]", "FILE");

    private readonly Option<bool> reverse =
        new("--reverse") { Description = "Swap sources and targets, to translate in the other direction." };

    private bool isReversed;

    /// <inheritdoc/>
    public override void AddTo(Command command)
    {
        base.AddTo(command);
        if (ofModel)
        {
            var set = command.Options.Single(o => o.Name == "--dataset");
            set.Description = set.Description!.Replace($"[default: {BuiltIn}]", "[default: the data of the model's training]",
                StringComparison.Ordinal);
        }

        command.Options.Add(validation);
        command.Options.Add(test);
        command.Options.Add(reverse);
    }

    /// <summary>The kind of tokens that suits the data: that of a named set, or what the pairs of a file look like.</summary>
    public string LevelOf(ParseResult result, PairCorpus corpus) =>
        Set(result)?.Level ?? (IsFile(result) ? Levels.Of(corpus.Training) : Levels.Characters);

    /// <summary>Whether sources and targets are swapped, by the command line or as in the run of a model.</summary>
    public bool IsReversed(ParseResult result) => result.GetValue(reverse) || isReversed;

    /// <inheritdoc/>
    public override void TakeFrom(ParseResult result, string source, IReadOnlyDictionary<string, string> configuration,
        Terminal terminal)
    {
        base.TakeFrom(result, source, configuration, terminal);
        isReversed = !IsGiven(result) && configuration.ContainsKey(ReverseEntry);
    }

    /// <summary>Reads the pairs for training and validation.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="terminal">Shows a download.</param>
    /// <param name="cancellation">Ends a download.</param>
    /// <exception cref="DataSourceException">The pairs are not available or not usable.</exception>
    public PairCorpus Load(ParseResult result, Terminal terminal, CancellationToken cancellation)
    {
        var heldOut = result.GetValue(validation) is { } file ? ReadFile(file, result, terminal) : null;
        if (Set(result) is { } known)
            return Corpus(known.Read(terminal, cancellation), $"The data set {known.Name}", heldOut, result, terminal);
        return Locate(result, terminal, cancellation) is { } path
            ? Corpus(PairFile.ReadTabSeparated(path), $"The file '{path}'", heldOut, result, terminal)
            : new PairCorpus(Turned(Dates.All(), result), $"The data set {BuiltIn}", heldOut);
    }

    /// <summary>
    /// Reads the pairs to score a model on: those that --split names, or all of a file that the model was not trained on, or
    /// those for validation.
    /// </summary>
    /// <param name="result">The command line.</param>
    /// <param name="configuration">The configuration of the model's run.</param>
    /// <param name="terminal">Shows a download.</param>
    /// <param name="cancellation">Ends a download.</param>
    /// <exception cref="DataSourceException">The pairs are not available or not usable.</exception>
    public (string Part, IReadOnlyList<(string Source, string Target)> Pairs) LoadScored(ParseResult result,
        IReadOnlyDictionary<string, string> configuration, Terminal terminal, CancellationToken cancellation)
    {
        if (IsNew(result, configuration))
            return ("new", ReadFile(result.GetValue<string?>("--data")!, result, terminal));
        return result.GetValue<string>("--split") == "test"
            ? ("test", LoadTest(result, terminal, cancellation))
            : ("validation", Load(result, terminal, cancellation).Validation);
    }

    /// <summary>Whether --data names a file that a model was not trained on, and no part of it is asked for.</summary>
    public bool IsNew(ParseResult result, IReadOnlyDictionary<string, string> configuration)
    {
        if (!IsFile(result) || result.IsGiven("--split") || result.GetValue(validation) is not null)
            return false;

        // A run of an earlier version, or on a pipe, records only the name of its file.
        return configuration.TryGetValue(FileHashEntry, out var recorded)
            ? recorded != FileHash(result)
            : configuration.GetValueOrDefault("data") != Name(result);
    }

    /// <summary>The hash of the user's file; null if there is none, or it can be read only once.</summary>
    public string? FileHash(ParseResult result) => IsFile(result) ? CardData.HashOf(result.GetValue<string?>("--data")!) : null;

    /// <summary>Reads the pairs of the final test.</summary>
    /// <inheritdoc cref="Load"/>
    /// <exception cref="UserException">The data have no pairs for a test.</exception>
    public IReadOnlyList<(string Source, string Target)> LoadTest(ParseResult result, Terminal terminal,
        CancellationToken cancellation)
    {
        if (result.GetValue(test) is { } path)
            return ReadFile(path, result, terminal);
        if (Set(result) is { Test: not null } known)
            return Full(known.ReadTest(terminal, cancellation), $"The test of {known.Name}", result, terminal);
        throw new UserException($"--split test: the data '{Name(result)}' have no pairs for a test. Name a file with --test.",
            isUsage: true);
    }

    private IReadOnlyList<(string Source, string Target)> ReadFile(string path, ParseResult result, Terminal terminal)
    {
        var pairs = Full(PairFile.ReadTabSeparated(path), $"The file '{path}'", result, terminal);
        return pairs.Count > 0 ? pairs : throw new DataSourceException($"The file '{path}' has no pair.");
    }

    private PairCorpus Corpus(PairLines lines, string name, IReadOnlyList<(string Source, string Target)>? heldOut,
        ParseResult result, Terminal terminal) => new(Full(lines, name, result, terminal), name, heldOut);

    private IReadOnlyList<(string Source, string Target)> Full(PairLines lines, string name, ParseResult result,
        Terminal terminal)
    {
        if (lines.Empty > 0)
        {
            terminal.Error.WriteLine($"{name}: {Show.Count(lines.Empty)} {(lines.Empty == 1 ? "pair" : "pairs")} with an empty"
                + " side left out.");
        }

        return Turned(lines.Pairs, result);
    }

    private IReadOnlyList<(string Source, string Target)> Turned(IReadOnlyList<(string Source, string Target)> pairs,
        ParseResult result) => IsReversed(result) ? [.. pairs.Select(p => (p.Target, p.Source))] : pairs;

    /// <summary>The named set of pairs; null for a file or the built-in pairs.</summary>
    public PairSet? Set(ParseResult result) => IsFile(result) ? null : PairSet.All.FirstOrDefault(s => s.Name == Name(result));
}
