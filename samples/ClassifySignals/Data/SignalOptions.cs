using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>The options that choose the series and say how files hold them.</summary>
internal sealed class SignalOptions() : SplitDataOptions("set of labelled series",
    SignalReader.FileHelp, SignalReader.BuiltIn, SignalReader.Sets, "series")
{
    private readonly SignalFormat format = new();

    /// <inheritdoc/>
    public override void AddTo(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        base.AddTo(command);
        format.AddTo(command, needsLabels: true);
    }

    /// <summary>Reads the series of a file for a model.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="path">The path of the file.</param>
    /// <param name="known">The model whose labels and channels they should have.</param>
    /// <exception cref="DataSourceException">The file is not usable.</exception>
    public IReadOnlyList<LabelledSeries> Read(ParseResult result, string path, SeriesClassifier known) =>
        SignalReader.Read(format, result, path, known);

    /// <summary>Reads the series and splits them.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="known">The model whose labels and channels they should have; null where there is none yet.</param>
    /// <param name="seed">The seed of the split.</param>
    /// <param name="terminal">Shows a warning.</param>
    /// <exception cref="DataSourceException">The series are not available or not usable.</exception>
    public SignalData Load(ParseResult result, SeriesClassifier? known, ulong seed, Terminal terminal)
    {
        var (validation, test) = (ValidationFile(result), TestFile(result));
        RequireDifferentFiles(result);
        var (all, path) = SignalReader.ReadAll(this, format, result, known);
        var source = path is null ? "The data" : $"'{path}'";
        var labels = known?.Options.Labels ?? SignalReader.LabelsOf(all, source);
        List<(string Part, string Path)> files = path is null ? [] : [("training", path)];
        var ofValidation = validation is null ? null : Own("validation", validation);
        var ofTest = test is null ? null : Own("test", test);
        var split = ofValidation is not null
            ? new DataSplit<LabelledSeries>(all, ofValidation, ofTest ?? [])
            : Split(all, hasTest: ofTest is null, seed, source);
        var data = new SignalData(Name(result), split.Training, split.Validation, ofTest ?? split.Test, labels, files)
        {
            IsSplit = ofValidation is null,
            FileHash = IsFile(result) ? CardData.HashOf(path!) : null,
        };
        WarnOfOverlap(result, Keys(data.Training), Keys(data.Validation), Keys(data.Test), terminal);
        return data;

        static IEnumerable<string> Keys(IEnumerable<LabelledSeries> part) => part.Select(SignalData.Key);

        IReadOnlyList<LabelledSeries> Own(string part, string file)
        {
            files.Add((part, file));
            var read = SignalReader.Read(format, result, file, known);
            SignalReader.RequireSame(read, all[0].Series.Channels, labels);
            return read;
        }
    }

    /// <summary>
    /// Takes a tenth for validation and one for tests, of each label alike; equal series are never in two parts.
    /// </summary>
    private static DataSplit<LabelledSeries> Split(IReadOnlyList<LabelledSeries> all, bool hasTest, ulong seed, string source)
    {
        const int Fewest = 10;
        if (all.Count < Fewest)
        {
            throw new DataSourceException($"{source} has {Show.Count(all.Count)} series; there should be at least {Fewest}. With"
                + " fewer, name a file of others with --validation.");
        }

        if (all.Select(SignalData.Key).Distinct().Count() is < Fewest and var different)
        {
            throw new DataSourceException($"{source} has {Show.Count(all.Count)} series, of which only {different} are different;"
                + $" there should be at least {Fewest}, since equal ones stay in one part. Name a file of"
                + " others with --validation.");
        }

        var tenth = all.Count / 10;
        return DataSplit.Of(all, tenth, hasTest ? tenth : 0, seed, SignalData.Key, s => s.Label!);
    }
}
