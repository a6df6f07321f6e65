using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Granularity;

/// <summary>The results of a folder, a JSON line for each finished run. The file is whole at every moment.</summary>
internal sealed class ResultsFile
{
    /// <summary>The name of the file.</summary>
    internal const string Name = "results.jsonl";

    private static readonly JsonSerializerOptions options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    private readonly string path;
    private readonly List<RowResult> rows;

    /// <summary>Reads the runs that are there.</summary>
    /// <exception cref="DataSourceException">A line is not a result; the message names it.</exception>
    internal ResultsFile(string folder)
    {
        path = Path.Combine(folder, Name);
        var type = (JsonTypeInfo<RowResult>)options.GetTypeInfo(typeof(RowResult));
        rows = File.Exists(path)
            ? [.. TextLines.Read(path).Where(l => !string.IsNullOrWhiteSpace(l.Text)).Select(l => Result(l, type))]
            : [];
    }

    private RowResult Result(TextLine line, JsonTypeInfo<RowResult> type)
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

    /// <summary>The newest run with these units, seed and options; null where there is none.</summary>
    internal RowResult? Find(UnitKind units, ulong seed, IReadOnlyDictionary<string, string> wanted) =>
        rows.FindLast(r => r.IsSameRun(units.Name, seed, wanted));

    /// <summary>Adds a run.</summary>
    internal void Add(RowResult row)
    {
        rows.Add(row);
        AtomicFile.WriteText(path, string.Concat(rows.Select(r => JsonLine.Of(r.Values) + '\n')));
    }
}
