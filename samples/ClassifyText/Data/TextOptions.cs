using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifyText;

/// <summary>The options that choose the texts and say how files hold them.</summary>
internal sealed class TextOptions() : SplitDataOptions("set of texts",
    "A file of your own texts with labels: two columns of TSV or CSV, in either order, or JSON lines.", BuiltIn,
    [.. TextSet.All.Select(s => s.Training)], "texts")
{
    private const string BuiltIn = "reviews";
    private readonly Option<string> format = OptionKinds.Choice("--format", "How files hold texts; auto goes by the extension.",
        "auto", "auto", "tsv", "csv", "jsonl");
    private readonly Option<string?> text = Column("--text-column", "--text-field", "text");
    private readonly Option<string?> label = Column("--label-column", "--label-field", "label");
    private readonly Option<string> header = OptionKinds.Choice("--header",
        "Whether the first line of a table holds the names of the columns.", "auto", "auto", "yes", "no");
    private readonly Option<string> quotes = OptionKinds.Choice("--quotes",
        "Whether columns of a table may be in double quotes; auto takes them so in CSV, and as text in TSV.", "auto", "auto",
        "yes", "no");
    private readonly Option<string?> separator = OptionKinds.Text("--label-separator",
        "What separates the labels of a text in a table, where texts have several. [default: a comma]", "TEXT");

    /// <inheritdoc/>
    public override void AddTo(Command command)
    {
        base.AddTo(command);
        foreach (var option in (Option[])[format, text, label, header, quotes, separator])
            command.Options.Add(option);
    }

    /// <summary>The named set, if one is chosen.</summary>
    public TextSet? Set(ParseResult result) => IsFile(result) ? null : TextSet.All.FirstOrDefault(s => s.Name == Name(result));

    /// <summary>Reads the texts and splits them.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="several">Whether texts can have any number of labels.</param>
    /// <param name="known">The labels of a model; null where there is none yet.</param>
    /// <param name="seed">The seed of the split.</param>
    /// <param name="terminal">Shows which columns are read.</param>
    /// <exception cref="DataSourceException">The texts are not available or not usable.</exception>
    public LabelledData Load(ParseResult result, bool several, IReadOnlyList<string>? known, ulong seed, Terminal terminal)
    {
        var (reading, set, name) = (Format(result, several), Set(result), Name(result));
        var (validation, test) = (ValidationFile(result), TestFile(result));
        RequireDifferentFiles(result);
        var files = new List<(string Part, string Path)>();
        var training = (IsFile(result), set) switch
        {
            (true, _) => ReadFile("training", result.GetValue<string?>("--data")!, known),
            (_, not null) => ReadSet("training", set.Training),
            _ => [.. Reviews.All().Select(r => new SourcedText(r))],
        };
        var labels = known ?? LabelledCorpus.LabelsOf(training, several ? 1 : 2);
        var ofValidation = validation is not null ? ReadFile("validation", validation, labels)
            : set?.Validation is { } own ? ReadSet("validation", own) : null;
        var ofTest = test is not null ? ReadFile("test", test, labels)
            : set?.Test is { } ownTest ? ReadSet("test", ownTest) : null;
        var source = set is null && files.Count > 0 ? $"'{files[0].Path}'" : $"The data set {name}";
        var corpus = LabelledCorpus.Split(source, training, ofValidation, ofTest, seed);
        foreach (var part in (IReadOnlyList<SourcedText>[])[corpus.Training, corpus.Validation, corpus.Test])
            LabelledCorpus.RequireKnown(part, labels);
        WarnOfOverlap(result, Keys(corpus.Training), Keys(corpus.Validation), Keys(corpus.Test), terminal);
        return new LabelledData(name, corpus, labels, files)
        {
            FileHash = IsFile(result) ? CardData.HashOf(files[0].Path) : null,
        };

        static IEnumerable<string> Keys(IEnumerable<SourcedText> part) => part.Select(t => t.Text.Text);

        IReadOnlyList<SourcedText> ReadFile(string part, string file, IReadOnlyList<string>? labelsToFind)
        {
            files.Add((part, file));
            return Read(reading, file, labelsToFind, terminal);
        }

        IReadOnlyList<SourcedText> ReadSet(string part, DataSet file)
        {
            files.Add((part, set!.Locate(file)));
            return set.Read(files[^1].Path);
        }
    }

    /// <summary>Reads one file alone, without a split.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="path">The path of the file.</param>
    /// <param name="several">Whether texts can have any number of labels.</param>
    /// <param name="known">The labels of the model.</param>
    /// <param name="terminal">Shows which columns are read.</param>
    /// <exception cref="DataSourceException">The file is not available or not usable.</exception>
    public IReadOnlyList<SourcedText> LoadFile(ParseResult result, string path, bool several, IReadOnlyList<string> known,
        Terminal terminal)
    {
        var texts = Read(Format(result, several), path, known, terminal);
        LabelledCorpus.RequireKnown(texts, known);
        return texts;
    }

    private TextFormat Format(ParseResult result, bool several)
    {
        if (result.GetValue(separator) is "")
            throw new UserException("--label-separator should be at least one character; got ''.", isUsage: true);
        return new TextFormat
        {
            Format = result.GetValue(format)!,
            Text = result.GetValue(text),
            Label = result.GetValue(label),
            Header = result.GetValue(header)!,
            HasQuotes = result.GetValue(quotes) switch { "yes" => true, "no" => false, _ => null },
            Separator = several ? result.GetValue(separator) ?? "," : null,
        };
    }

    private static IReadOnlyList<SourcedText> Read(TextFormat reading, string path, IReadOnlyList<string>? known,
        Terminal terminal)
    {
        var file = reading.Read(path, known);
        if (file.Note is not null)
            terminal.Error.WriteLine(file.Note);
        return file.Texts;
    }

    private static Option<string?> Column(string name, string alias, string what)
    {
        var option = OptionKinds.Text(name,
            $"The column of the {what}, by name or number from 1, or the field of JSON lines ({alias}). [default: found]",
            "NAME");
        option.Aliases.Add(alias);
        return option;
    }
}

/// <summary>The texts of a run.</summary>
/// <param name="Name">The short name of the data.</param>
/// <param name="Corpus">The texts.</param>
/// <param name="Labels">The labels.</param>
/// <param name="Files">The files that were read, and for which part.</param>
internal sealed record LabelledData(string Name, LabelledCorpus Corpus, IReadOnlyList<string> Labels,
    IReadOnlyList<(string Part, string Path)> Files)
{
    /// <summary>The SHA-256 hash of the user's file; null for other data.</summary>
    public string? FileHash { get; init; }

    /// <summary>The texts to train on.</summary>
    public IReadOnlyList<LabelledText> Training { get; } = [.. Corpus.Training.Select(t => t.Text)];

    /// <summary>The texts by which the best weights are chosen.</summary>
    public IReadOnlyList<LabelledText> Validation { get; } = [.. Corpus.Validation.Select(t => t.Text)];

    /// <summary>The texts for the last score; may be empty.</summary>
    public IReadOnlyList<LabelledText> Test { get; } = [.. Corpus.Test.Select(t => t.Text)];

    /// <summary>The parts for a model card; a part that was taken from another one's file has that one's name and hash.</summary>
    public IReadOnlyList<CardData> Card =>
        CardData.OfParts(Name, Files, [("training", Training.Count), ("validation", Validation.Count), ("test", Test.Count)]);

    /// <summary>The same texts, where those for validation are among those to train on.</summary>
    public LabelledData TrainedOnValidation() =>
        new(Name, Corpus.TrainedOnValidation(), Labels, Files) { FileHash = FileHash };
}
