using System.Text.Json;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>The runs of a comparison, of which those that are done already are not done again.</summary>
/// <param name="path">The path of the file.</param>
/// <param name="configuration">The data and all options besides the seed and the method.</param>
internal sealed class CompareFile(string path, string configuration)
{
    private readonly RunFile file = new(path, configuration, "a run of a comparison");
    private readonly List<ContenderRun> runs = [];

    /// <summary>The name of the file in its folder.</summary>
    public const string FileName = "compare.jsonl";

    /// <summary>The path of the file.</summary>
    public string Path => path;

    /// <summary>Reads the runs that are there; none if there is no file.</summary>
    /// <exception cref="UserException">A line is not a run, or one of other data or options.</exception>
    public void Read() => file.Read(json => runs.Add(Run(json)));

    /// <summary>Adds a run and writes it.</summary>
    public void Add(ContenderRun run)
    {
        runs.Add(run);
        file.Add(("model", run.Model), ("seed", run.Seed), ("fold", run.Fold), ("parameters", run.Parameters),
            ("seconds", run.Seconds), ("labels", run.Predictions.Select(p => p.Label)),
            ("scores", run.Predictions.SelectMany(p => p.Scores).Select(s => Math.Round(s, 6))));
    }

    /// <summary>The run of a method on a fold; null if it is not done.</summary>
    public ContenderRun? Find(string model, ulong seed, int fold) =>
        runs.Find(r => r.Model == model && r.Seed == seed && r.Fold == fold);

    private static ContenderRun Run(JsonElement json)
    {
        string[] labels = [.. json.GetProperty("labels").EnumerateArray().Select(l => l.GetString()!)];
        double[] scores = [.. json.GetProperty("scores").EnumerateArray().Select(s => s.GetDouble())];
        var each = scores.Length / Math.Max(1, labels.Length);
        return new ContenderRun(json.GetProperty("model").GetString()!, json.GetProperty("seed").GetUInt64(),
            json.GetProperty("fold").GetInt32(),
            [.. labels.Select((l, i) => new SignalPrediction(l, scores[(i * each)..((i + 1) * each)]))],
            json.GetProperty("parameters").GetInt64(), json.GetProperty("seconds").GetDouble());
    }
}
