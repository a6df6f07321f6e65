using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>A finished run of a study; a line of its results.</summary>
public interface IResultRow
{
    /// <summary>The name of what was run.</summary>
    string Row { get; }

    /// <summary>The seed of the run.</summary>
    ulong Seed { get; }

    /// <summary>Everything else that the figures depend on, as texts.</summary>
    IReadOnlyDictionary<string, string> Options { get; }

    /// <summary>The figures for JSON, by which a line is read again.</summary>
    IEnumerable<(string Name, object? Value)> Values { get; }
}

/// <summary>The file of a study's results.</summary>
public static class ResultsFile
{
    /// <summary>The name of the file.</summary>
    public const string Name = "results.jsonl";

    /// <summary>Returns options for JSON, sorted by their names.</summary>
    public static IEnumerable<(string Name, object? Value)> Sorted(IReadOnlyDictionary<string, string> options) =>
        options.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => (o.Key, (object?)o.Value));

    /// <summary>The recorded options of a run as its row has them: without the seed, which is beside them.</summary>
    public static IReadOnlyDictionary<string, string> Options(TrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Configuration.Where(c => c.Key != "seed").ToDictionary(c => c.Key, c => c.Value, StringComparer.Ordinal);
    }
}

/// <summary>The results of a study's folder, a JSON line for each finished run. The file is whole at every moment.</summary>
/// <typeparam name="TRow">A line; names in JSON are those of its properties in snake case.</typeparam>
public sealed class ResultsFile<TRow> where TRow : class, IResultRow
{
    private static readonly JsonSerializerOptions options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    private readonly string path;
    private readonly List<TRow> rows;

    /// <summary>Reads the runs that are there.</summary>
    /// <param name="folder">The folder of the study.</param>
    /// <param name="earlier">
    /// The name of the file in which earlier versions of the program kept their results, in a format that is not read; null for
    /// none.
    /// </param>
    /// <exception cref="DataSourceException">
    /// A line is not a result, and the message names it; or the folder has results of an earlier version.
    /// </exception>
    public ResultsFile(string folder, string? earlier = null)
    {
        if (earlier is not null && File.Exists(Path.Combine(folder, earlier)))
        {
            throw new DataSourceException($"'{Path.Combine(folder, earlier)}' has results of an earlier version of this program,"
                + " which it does not read. Choose another folder with --out, or rename that file to measure all again.");
        }

        path = Path.Combine(folder, ResultsFile.Name);
        var type = (JsonTypeInfo<TRow>)options.GetTypeInfo(typeof(TRow));
        rows = File.Exists(path)
            ? [.. TextLines.Read(path).Where(l => !string.IsNullOrWhiteSpace(l.Text)).Select(l => Result(l, type))]
            : [];
    }

    /// <summary>The path of the file.</summary>
    public string Location => path;

    /// <summary>The newest run of a row with this seed and these options; null where there is none.</summary>
    public TRow? Find(string row, ulong seed, IReadOnlyDictionary<string, string> wanted) =>
        rows.FindLast(r => r.Row == row && r.Seed == seed && r.Options.Count == wanted.Count
            && r.Options.All(o => wanted.TryGetValue(o.Key, out var value) && value == o.Value));

    /// <summary>Adds a run.</summary>
    public void Add(TRow row)
    {
        rows.Add(row);
        AtomicFile.WriteText(path, string.Concat(rows.Select(r => JsonLine.Of(r.Values) + '\n')));
    }

    private TRow Result(TextLine line, JsonTypeInfo<TRow> type)
    {
        try
        {
            return JsonSerializer.Deserialize(line.Text, type) ?? throw new JsonException("null");
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException)
        {
            throw new DataSourceException($"{TextLines.Place(path, line.Number)} is not a result of this program. Remove that"
                + " line, and its row is measured again; or choose another folder with --out.", damaged);
        }
    }
}
