using System.CommandLine;
using System.Globalization;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.TagWords;

/// <summary>The options that choose the sentences and say how files hold them.</summary>
internal sealed class TagOptions() : SplitDataOptions("set of tagged sentences",
    "A file of your own sentences: a token and its tag on each line, in columns, and a blank line after each sentence.", BuiltIn,
    [.. TagSet.All.Select(s => s.Training)], "sentences")
{
    private const string BuiltIn = "logbook";
    private readonly Option<string> format = OptionKinds.Choice("--format",
        "How files hold sentences; auto takes conllu for files that are named so.", "auto", "auto", "conll", "conllu");
    private readonly Option<int?> token = Column("--token-column", "token", "1, or 2 in CoNLL-U");
    private readonly Option<int?> tag = Column("--tag-column", "tag", "-1, or 4 in CoNLL-U");
    private readonly Option<string> scheme = OptionKinds.Choice("--scheme",
        "bio requires tags O, B-X and I-X in their order; none takes any tags; auto decides by them.", "auto",
        TagScheme.Names);

    /// <inheritdoc/>
    public override void AddTo(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        base.AddTo(command);
        foreach (var option in (Option[])[format, token, tag, scheme])
            command.Options.Add(option);
    }

    /// <summary>The named set, if one is chosen.</summary>
    public TagSet? Set(ParseResult result) => IsFile(result) ? null : TagSet.All.FirstOrDefault(s => s.Name == Name(result));

    /// <summary>Reads one file for a model, without a split.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="path">The path of the file.</param>
    /// <param name="known">The tags of the model.</param>
    /// <param name="configuration">The configuration of the model's run.</param>
    /// <exception cref="DataSourceException">The file is not available or not usable.</exception>
    public TaggedFile Load(ParseResult result, string path, IReadOnlyList<string> known,
        IReadOnlyDictionary<string, string> configuration)
    {
        var file = Read(result, path);
        file.RequireKnown(known);
        TagScheme.Decide(file, Scheme(result, configuration));
        return file;
    }

    private TaggedFile Read(ParseResult result, string path) =>
        new TagFormat(result.GetValue(format)!, result.GetValue(token), result.GetValue(tag)).Read(path);

    /// <summary>The scheme: that of the command line, or the recorded one of a run.</summary>
    private string Scheme(ParseResult result, IReadOnlyDictionary<string, string>? configuration) =>
        result.IsGiven("--scheme") ? result.GetValue(scheme)!
            : configuration?.GetValueOrDefault("scheme") ?? result.GetValue(scheme)!;

    /// <summary>Reads the sentences and splits them.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="known">The tags of a model; null where there is none yet.</param>
    /// <param name="seed">The seed of the split.</param>
    /// <param name="configuration">The configuration of a model's run; null where there is none.</param>
    /// <param name="terminal">Shows a download.</param>
    /// <param name="cancellation">Ends a download.</param>
    /// <exception cref="DataSourceException">The sentences are not available or not usable.</exception>
    public TagData Load(ParseResult result, IReadOnlyList<string>? known, ulong seed,
        IReadOnlyDictionary<string, string>? configuration, Terminal terminal, CancellationToken cancellation)
    {
        var set = Set(result);
        var (validation, test) = (ValidationFile(result), TestFile(result));
        RequireDifferentFiles(result);
        var files = new List<(string Part, string Path)>();
        var training = IsFile(result) ? Own("training", result.GetValue<string?>("--data")!)
            : set is not null ? OfSet("training", set.Training)
            : new TaggedFile(Logbook.All());
        var ofValidation = validation is not null ? Own("validation", validation)
            : set is not null ? OfSet("validation", set.Validation) : null;
        var ofTest = test is not null ? Own("test", test)
            : set is not null ? OfSet("test", set.Test) : null;
        var isBio = TagScheme.Decide(training, Scheme(result, configuration));
        var tags = known ?? TagsOf(training);
        var corpus = TagCorpus.Split(training, ofValidation, ofTest, seed);
        foreach (var part in (TaggedFile[])[corpus.Training, corpus.Validation, corpus.Test])
        {
            part.RequireKnown(tags);
            if (isBio)
                TagScheme.Require(part);
        }

        WarnOfOverlap(result, Keys(corpus.Training), Keys(corpus.Validation), Keys(corpus.Test), terminal);
        return new TagData(Name(result), corpus, tags, isBio, files)
        {
            FileHash = IsFile(result) ? CardData.HashOf(files[0].Path) : null,
        };

        static IEnumerable<string> Keys(TaggedFile part) => part.Sentences.Select(TagCorpus.Key);

        TaggedFile Own(string part, string file)
        {
            files.Add((part, file));
            return Read(result, file);
        }

        TaggedFile OfSet(string part, DataSet file)
        {
            var read = set!.Read(file, terminal, cancellation);
            files.Add((part, read.Path!));
            return read;
        }
    }

    /// <summary>The tags of sentences, checked to be tags and not words.</summary>
    /// <exception cref="DataSourceException">There is one tag, or too many.</exception>
    private static IReadOnlyList<string> TagsOf(TaggedFile file)
    {
        const int Most = 2000;
        var tags = TextTagger.TagsOf(file.Sentences);
        if (tags.Count < 2)
        {
            throw new DataSourceException($"{file.Name} has only the tag '{tags[0]}'; there should be at least 2. Choose the"
                + " column of the tags with --tag-column.");
        }

        if (tags.Count > Most)
        {
            throw new DataSourceException($"{file.Name} has {Show.Count(tags.Count)} different tags, such as '{tags[^1]}'. There"
                + $" should be at most {Show.Count(Most)}. Choose their column with --tag-column.");
        }

        return tags;
    }

    private static Option<int?> Column(string name, string what, string usual)
    {
        const int Most = 1000;
        return OptionKinds.Checked<int?>(name,
            $"Column of the {what}, from 1; negative counts from the last, which is -1. [default: {usual}]", "N", null,
            "a whole number from 1, or from -1 for a column counted from the last",
            text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) && n != 0
                && Math.Abs(n) <= Most ? (true, n) : default);
    }
}

/// <summary>The sentences of a run.</summary>
/// <param name="Name">The short name of the data.</param>
/// <param name="Corpus">The sentences.</param>
/// <param name="Tags">The different tags.</param>
/// <param name="IsBio">Whether tags are of the scheme BIO.</param>
/// <param name="Files">The files that were read, and for which part.</param>
internal sealed record TagData(string Name, TagCorpus Corpus, IReadOnlyList<string> Tags, bool IsBio,
    IReadOnlyList<(string Part, string Path)> Files)
{
    /// <summary>The SHA-256 hash of the user's file; null for other data.</summary>
    public string? FileHash { get; init; }

    /// <summary>Whether the sentences for validation are among those to train on.</summary>
    public bool IsRefitted { get; private init; }

    /// <summary>The sentences to train on.</summary>
    public IReadOnlyList<TaggedText> Training => Corpus.Training.Sentences;

    /// <summary>The sentences by which the best weights are chosen.</summary>
    public IReadOnlyList<TaggedText> Validation => Corpus.Validation.Sentences;

    /// <summary>The sentences for the last score; may be empty.</summary>
    public IReadOnlyList<TaggedText> Test => Corpus.Test.Sentences;

    /// <summary>The name of the scheme on the command line.</summary>
    public string Scheme => IsBio ? "bio" : "none";

    /// <summary>These sentences, with those for validation among those to train on too.</summary>
    public TagData Refitted() => this with
    {
        Corpus = Corpus with { Training = Corpus.Training.With([.. Training, .. Validation]) },
        IsRefitted = true,
    };

    /// <summary>A part by its name; empty where there is none.</summary>
    public IReadOnlyList<TaggedText> Part(string part) => part == "test" ? Test : Validation;

    /// <summary>The parts for a model card; a part that was taken from another one's file has that one's name and hash.</summary>
    public IReadOnlyList<CardData> Card =>
        CardData.OfParts(Name, Files, [("training", Training.Count), ("validation", Validation.Count), ("test", Test.Count)]);

    /// <summary>A one-line description.</summary>
    public string Description => $"{Show.Count(Training.Count)} sentences, {Show.Count(Validation.Count)}"
        + $" {(IsRefitted ? "of them" : "more")} for validation,"
        + $" {Show.Count(Test.Count)} for tests; {Show.Number(Tags.Count, "tag")}";
}
