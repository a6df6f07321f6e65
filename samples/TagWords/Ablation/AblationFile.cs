using System.Text.Json;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.TagWords;

/// <summary>The runs of an ablation, of which those that are done already are not done again.</summary>
/// <param name="path">The path of the file.</param>
/// <param name="configuration">The data and all options besides the seed and the parts of the models.</param>
internal sealed class AblationFile(string path, string configuration)
{
    private readonly RunFile file = new(path, configuration, "a run of an ablation");
    private readonly List<AblationRun> runs = [];

    /// <summary>The name of the file in its folder.</summary>
    public const string FileName = "ablation.jsonl";

    /// <summary>The path of the file.</summary>
    public string Path => path;

    /// <summary>The runs, in the order in which they were done.</summary>
    public IReadOnlyList<AblationRun> Runs => runs;

    /// <summary>Reads the runs that are there; none if there is no file.</summary>
    /// <exception cref="UserException">A line is not a run, or one of other data or options.</exception>
    public void Read() => file.Read(json => runs.Add(Run(json)));

    /// <summary>Adds a run and writes it.</summary>
    public void Add(AblationRun run)
    {
        runs.Add(run);
        file.Add(("model", run.Model), ("seed", run.Seed), ("accuracy", run.Accuracy), ("span_f1", run.SpanF1),
            ("unknown_accuracy", run.UnknownAccuracy), ("validation_score", run.ValidationScore),
            ("parameters", run.Parameters), ("seconds", run.Seconds));
    }

    /// <summary>The run of a model with a seed; null if it is not done.</summary>
    public AblationRun? Find(string model, ulong seed) => runs.Find(r => r.Model == model && r.Seed == seed);

    private static AblationRun Run(JsonElement json)
    {
        return new AblationRun(json.GetProperty("model").GetString()!, json.GetProperty("seed").GetUInt64(),
            json.GetProperty("accuracy").GetDouble(), Number("span_f1"), Number("unknown_accuracy") ?? double.NaN,
            json.GetProperty("validation_score").GetDouble(), json.GetProperty("parameters").GetInt64(),
            json.GetProperty("seconds").GetDouble());

        double? Number(string name) =>
            json.GetProperty(name) is { ValueKind: not JsonValueKind.Null } value ? value.GetDouble() : null;
    }
}
