using System.CommandLine;
using System.Globalization;
using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>The options that choose data with parts for validation and for tests.</summary>
public class SplitDataOptions : DataOptions
{
    /// <summary>The name under which the configuration of a run records the seed of its split.</summary>
    public const string SplitSeedName = "split_seed";

    /// <summary>The name under which the configuration of a run records the SHA-256 hash of the user's file.</summary>
    public const string FileHashName = "file_sha256";

    private readonly string examples;
    private readonly Option<string?> validation;
    private readonly Option<string?> test;
    private readonly Option<ulong> splitSeed = OptionKinds.Seed("--split-seed",
        "Random seed of the tenths; they depend on nothing else, so that runs with any --seed can be compared.", 1);

    /// <summary>Options for a kind of data.</summary>
    /// <param name="kind">What --help calls the data, such as "set of texts".</param>
    /// <param name="file">The --help text of --data.</param>
    /// <param name="builtIn">The name of the data that the program makes itself.</param>
    /// <param name="sets">The named sets of this kind.</param>
    /// <param name="examples">What --help calls the examples, such as "texts".</param>
    public SplitDataOptions(string kind, string file, string builtIn, IReadOnlyList<DataSet> sets, string examples)
        : base(kind, file, builtIn, sets)
    {
        this.examples = examples;
        validation = OptionKinds.Path("--validation",
            $"A file of {examples} by which the best weights are chosen. [default: a tenth of the {examples}]", "FILE");
        test = OptionKinds.Path("--test", $"A file of {examples} for the last score."
            + $" [default: a tenth of the {examples}, unless --validation is given]", "FILE");
    }

    /// <inheritdoc/>
    public override void AddTo(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        base.AddTo(command);
        foreach (var option in (Option[])[validation, test, splitSeed])
            command.Options.Add(option);
    }

    /// <summary>The path of the file for tests; null where none is given.</summary>
    public string? TestFile(ParseResult result) => Argument(result).GetValue(test);

    /// <summary>The path of the file for validation; null where none is given.</summary>
    /// <exception cref="UserException">It is given with a named set, which has its own.</exception>
    public string? ValidationFile(ParseResult result)
    {
        var path = Argument(result).GetValue(validation);
        return path is null || IsFile(result)
            ? path
            : throw new UserException($"--validation goes with --data; named sets have {examples} for validation.",
                isUsage: true);
    }

    /// <summary>The seed of the split: that of the command line, or the recorded one of a run.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="configuration">The configuration of a run; null for none.</param>
    public ulong SplitSeed(ParseResult result, IReadOnlyDictionary<string, string>? configuration = null) =>
        !Argument(result).IsGiven("--split-seed") && ulong.TryParse(configuration?.GetValueOrDefault(SplitSeedName),
            NumberStyles.None, CultureInfo.InvariantCulture, out var recorded)
            ? recorded
            : result.GetValue(splitSeed);

    /// <summary>Makes sure that the files for training, validation and tests are different ones.</summary>
    /// <param name="result">The command line.</param>
    /// <exception cref="UserException">Two are the same.</exception>
    public void RequireDifferentFiles(ParseResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        (string Name, string? Path)[] files =
            [("--data", result.GetValue<string?>("--data")), ("--validation", result.GetValue(validation)),
                ("--test", result.GetValue(test))];
        for (var i = 1; i < files.Length; i++)
        {
            if (files[i].Path is { } path && Array.Find(files[..i], f => IsSame(f.Path, path)).Name is { } other)
            {
                throw new UserException($"{other} and {files[i].Name} are the same file, '{path}', so its score would say nothing"
                    + $" about other {examples}. Name another file, or leave one out.", isUsage: true);
            }
        }

        static bool IsSame(string? one, string other) => one is not null
            && (Path.GetFullPath(one) == Path.GetFullPath(other)
                || (CardData.HashOf(one) is { } hash && hash == CardData.HashOf(other)));
    }

    /// <summary>Warns in a line of examples that are in two parts, where files for validation or tests are given.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="training">What makes an example equal to another, of each for training.</param>
    /// <param name="ofValidation">The same for validation.</param>
    /// <param name="ofTest">The same for tests.</param>
    /// <param name="terminal">Shows the line.</param>
    public void WarnOfOverlap(ParseResult result, IEnumerable<string> training, IEnumerable<string> ofValidation,
        IEnumerable<string> ofTest, Terminal terminal)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(terminal);
        if (result.GetValue(validation) is null && result.GetValue(test) is null)
            return;
        var seen = training.ToHashSet(StringComparer.Ordinal);
        string[] held = [.. ofValidation];
        var inValidation = held.Count(seen.Contains);
        seen.UnionWith(held);
        var inTest = ofTest.Count(seen.Contains);
        if (inValidation + inTest > 0)
        {
            terminal.Error.WriteLine($"Some {examples} are in two parts: {Show.Count(inValidation)} for validation are among"
                + $" those for training, and {Show.Count(inTest)} for tests are among those for training or validation.");
        }
    }

    /// <summary>
    /// Whether a file is the one that a model was trained on, so that most of it is not new; that some of it was held out is
    /// checked too.
    /// </summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="configuration">The configuration of the model's run.</param>
    /// <exception cref="UserException">It is that file, and nothing of it was held out.</exception>
    public bool IsFileOf(string path, IReadOnlyDictionary<string, string> configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (!configuration.TryGetValue(FileHashName, out var recorded) || CardData.HashOf(path) != recorded)
            return false;
        if (!configuration.ContainsKey(SplitSeedName))
        {
            throw new UserException($"'{path}' is what the model was trained on, and nothing of it was held out. Name other"
                + $" {examples} with --test or --data.", isUsage: true);
        }

        return true;
    }

    private static ParseResult Argument(ParseResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result;
    }
}
