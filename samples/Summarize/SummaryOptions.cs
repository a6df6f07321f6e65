using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Summarize;

/// <summary>The options that choose texts and summaries.</summary>
/// <param name="ofModel">Whether the command is for a trained model, whose data and fields are the default.</param>
internal sealed class SummaryOptions(bool ofModel = false) : DataOptions("set of texts with summaries",
    "A UTF-8 file of your own: JSON lines (.jsonl), CSV with a header (.csv), or lines of text, tab, summary.", BuiltIn,
    [.. SummarySet.All.Select(s => s.Training)])
{
    /// <summary>The name of the data that the program makes itself.</summary>
    public const string BuiltIn = "visits";

    private const string FileHashEntry = "file_sha256", OfTraining = "as in the model's training";

    private readonly Option<string?> text = Field("--text-field", "text", ofModel);
    private readonly Option<string?> summary = Field("--summary-field", "summary", ofModel);
    private readonly Option<string?> topic = OptionKinds.Text("--topic-field",
        "Field of the data with what a text is about, such as a section's name, which becomes the first line of the text."
            + (ofModel ? $" [default: {OfTraining}]" : " [default: that of a named set, none of a file]"), "NAME");

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

        command.Options.Add(text);
        command.Options.Add(summary);
        command.Options.Add(topic);
    }

    /// <summary>The named set, if one is chosen.</summary>
    public SummarySet? Set(ParseResult result) =>
        IsFile(result) ? null : SummarySet.All.FirstOrDefault(s => s.Training.Name == Name(result));

    /// <summary>Reads the examples.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="recorded">The configuration of the model's run, whose fields are used unless others are given.</param>
    /// <param name="terminal">Shows a download.</param>
    /// <param name="cancellation">Ends a download.</param>
    /// <exception cref="DataSourceException">The examples are not available or not usable.</exception>
    public SummaryCorpus Load(ParseResult result, IReadOnlyDictionary<string, string>? recorded, Terminal terminal,
        CancellationToken cancellation)
    {
        var fields = Fields(result, recorded);
        if (Set(result) is { } known)
            return known.Read(fields.Topic, terminal, cancellation);
        if (Locate(result, terminal, cancellation) is { } path)
        {
            return SummaryCorpus.Split(SummaryFile.Read(path, fields), $"The file '{path}'") with
            {
                Files = [("training", path)],
            };
        }

        return fields.Topic is null
            ? Visits.Corpus()
            : throw new UserException($"--topic-field: the built-in {BuiltIn} have no fields.", isUsage: true);
    }

    /// <summary>Reads all examples of a file that a model was not trained on; null for other data.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="recorded">The configuration of the model's run.</param>
    /// <exception cref="DataSourceException">The examples are not available or not usable.</exception>
    public IReadOnlyList<Example>? LoadNew(ParseResult result, IReadOnlyDictionary<string, string> recorded)
    {
        if (!IsFile(result))
            return null;

        // A run of an earlier version, or on a pipe, records only the name of its file.
        var isNew = recorded.TryGetValue(FileHashEntry, out var trainedOn)
            ? trainedOn != FileHash(result)
            : recorded.GetValueOrDefault("data") != Name(result);
        return isNew ? [.. SummaryFile.Read(result.GetValue<string?>("--data")!, Fields(result, recorded))] : null;
    }

    private string? FileHash(ParseResult result) =>
        IsFile(result) ? CardData.HashOf(result.GetValue<string?>("--data")!) : null;

    /// <summary>What a run records of the file and its fields.</summary>
    public IEnumerable<(string Name, object? Value)> Configuration(ParseResult result)
    {
        var fields = Fields(result, null);
        return [("text_field", IsFile(result) ? fields.Text : null), ("summary_field", IsFile(result) ? fields.Summary : null),
            ("topic_field", fields.Topic), (FileHashEntry, FileHash(result))];
    }

    private Fields Fields(ParseResult result, IReadOnlyDictionary<string, string>? recorded)
    {
        return new(Of(text, "text_field") ?? "text", Of(summary, "summary_field") ?? "summary",
            Of(topic, "topic_field") ?? Set(result)?.Fields.Topic);

        string? Of(Option<string?> option, string name) => result.GetValue(option) ?? recorded?.GetValueOrDefault(name);
    }

    private static Option<string?> Field(string name, string what, bool ofModel) => OptionKinds.Text(name,
        $"Field of the file with the {what}; of CSV also the number of a column. [default: {(ofModel ? OfTraining : what)}]",
        "NAME");
}

/// <summary>The names of the fields of a file.</summary>
/// <param name="Text">The field with the text.</param>
/// <param name="Summary">The field with the summary.</param>
/// <param name="Topic">The field with what the text is about; null for none.</param>
internal sealed record Fields(string Text, string Summary, string? Topic)
{
    /// <summary>Refuses one field for two purposes, with which a model would only learn to copy.</summary>
    /// <exception cref="UserException">A field is named twice.</exception>
    public void RequireDifferent()
    {
        var (first, second, name) = Text == Summary ? ("--text-field", "--summary-field", Text)
            : Topic == Text ? ("--text-field", "--topic-field", Text)
            : Topic == Summary ? ("--summary-field", "--topic-field", Summary)
            : ("", "", "");
        if (first.Length > 0)
            throw new UserException($"{first} and {second} are both '{name}'. Name different fields.", isUsage: true);
    }
}
