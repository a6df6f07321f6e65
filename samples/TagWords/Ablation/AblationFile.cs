using System.Text.Json;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.TagWords;

/// <summary>
/// The runs of an ablation as JSON lines, each written when it is done, so that an ablation that was stopped continues with the
/// runs that are missing.
/// </summary>
/// <param name="path">The path of the file.</param>
/// <param name="configuration">The data and all options besides the seed and the parts of the models.</param>
internal sealed class AblationFile(string path, string configuration)
{
    private readonly List<AblationRun> runs = [];

    /// <summary>The name of the file in its folder.</summary>
    public const string FileName = "ablation.jsonl";

    /// <summary>The path of the file.</summary>
    public string Path => path;

    /// <summary>The runs, in the order in which they were done.</summary>
    public IReadOnlyList<AblationRun> Runs => runs;

    /// <summary>Reads the runs that are there; none if there is no file.</summary>
    /// <exception cref="UserException">A line is not a run, or one of other data or options.</exception>
    public void Read()
    {
        if (!File.Exists(path))
            return;
        TextLine[] lines = [.. TextLines.Read(path)];
        foreach (var (text, number) in lines)
        {
            try
            {
                using var json = JsonDocument.Parse(text);
                runs.Add(Run(json.RootElement, number));
            }
            catch (JsonException) when (number == lines.Length)
            {
                // A process that was killed left half a line; without it the file goes on as if that run had not begun.
                AtomicFile.WriteText(path, string.Concat(lines.SkipLast(1).Select(l => l.Text + "\n")));
            }
            catch (Exception foreign) when (foreign is JsonException or KeyNotFoundException or InvalidOperationException
                or FormatException)
            {
                throw new UserException($"{TextLines.Place(path, number)} is not a run of an ablation: {foreign.Message} Delete"
                    + " the line, or choose another folder with --out.");
            }
        }
    }

    /// <summary>Adds a run and writes it.</summary>
    public void Add(AblationRun run)
    {
        runs.Add(run);
        File.AppendAllText(path, JsonLine.Of(Values(run)) + "\n");
    }

    /// <summary>The run of a model with a seed; null if it is not done.</summary>
    public AblationRun? Find(string model, ulong seed) => runs.Find(r => r.Model == model && r.Seed == seed);

    /// <summary>The values of a run for JSON.</summary>
    private IEnumerable<(string Name, object? Value)> Values(AblationRun run) =>
    [
        ("model", run.Model), ("seed", run.Seed), ("accuracy", run.Accuracy), ("span_f1", run.SpanF1),
        ("unknown_accuracy", run.UnknownAccuracy), ("validation_score", run.ValidationScore), ("parameters", run.Parameters),
        ("seconds", run.Seconds), ("configuration", configuration),
    ];

    private AblationRun Run(JsonElement json, long number)
    {
        var other = json.GetProperty("configuration").GetString();
        if (other != configuration)
        {
            throw new UserException($"{TextLines.Place(path, number)} is a run with other data or options. Choose another folder"
                + $" with --out, or the same options again: {Different(other ?? "")}.");
        }

        return new AblationRun(json.GetProperty("model").GetString()!, json.GetProperty("seed").GetUInt64(),
            json.GetProperty("accuracy").GetDouble(), Number("span_f1"), Number("unknown_accuracy") ?? double.NaN,
            json.GetProperty("validation_score").GetDouble(), json.GetProperty("parameters").GetInt64(),
            json.GetProperty("seconds").GetDouble());

        double? Number(string name) =>
            json.GetProperty(name) is { ValueKind: not JsonValueKind.Null } value ? value.GetDouble() : null;
    }

    /// <summary>The options that differ, as the file has them.</summary>
    private string Different(string other)
    {
        var own = configuration.Split("; ").ToHashSet(StringComparer.Ordinal);
        return string.Join(", ", other.Split("; ").Where(o => !own.Contains(o)));
    }
}
