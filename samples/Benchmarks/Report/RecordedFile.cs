using System.Globalization;
using System.Text.Json;
using SeqCore.Samples.Common;

namespace SeqCore.Benchmarks;

/// <summary>The least time of a library for a workload.</summary>
/// <param name="Milliseconds">The time of a call.</param>
/// <param name="Gflops">10^9 operations a second, where operations set the limit.</param>
/// <param name="Gbs">10^9 bytes a second, where memory sets the limit.</param>
internal readonly record struct Figure(double Milliseconds, double? Gflops, double? Gbs);

/// <summary>A workload of a recorded file.</summary>
/// <param name="Name">What was computed.</param>
/// <param name="Figures">The figure of each library that was timed, by <see cref="Library.Title"/>.</param>
internal sealed record RecordedWorkload(WorkloadName Name, IReadOnlyDictionary<string, Figure> Figures);

/// <summary>
/// What was measured on one machine: a header, then a JSON line for each measurement, as <c>workloads</c> and programs that time
/// other libraries print them. Where a library has several lines of one name, the least time counts.
/// </summary>
internal sealed class RecordedFile
{
    private readonly Dictionary<string, Dictionary<string, Figure>> figures = [];
    private readonly List<WorkloadName> names = [];
    private readonly List<string> peers = [];
    private readonly HashSet<int> rounds = [];

    private RecordedFile(string path, RecordedMachine machine) => (Path, Machine) = (path, machine);

    /// <summary>The path of the file.</summary>
    internal string Path { get; }

    /// <summary>The machine and the date.</summary>
    internal RecordedMachine Machine { get; }

    /// <summary>The version of SeqCore that was timed, as its lines give it; null where the file has none of its lines.</summary>
    internal string? Version { get; private set; }

    /// <summary>The number of rounds that the lines come from; 0 where they do not say.</summary>
    internal int Rounds => rounds.Count;

    /// <summary>The titles of the other libraries, in the order of their first lines.</summary>
    internal IReadOnlyList<string> Peers => peers;

    /// <summary>The workloads in the order of their first lines.</summary>
    internal IEnumerable<RecordedWorkload> Workloads => names.Select(n => new RecordedWorkload(n, figures[n.Text]));

    /// <exception cref="UserException">A line is wrong; the message names the file and the line.</exception>
    internal static RecordedFile Read(string path)
    {
        using var lines = new StreamReader(InputFile.Open(path));
        if (lines.ReadLine() is not { } header)
            throw new UserException($"{path} is empty. Its first line should be the header of 'report --header'.", isUsage: true);
        var file = new RecordedFile(path, On(path, 1, header, RecordedMachine.Read));
        for (var number = 2; lines.ReadLine() is { } line; number++)
            On(path, number, line, file.Add);
        return file;
    }

    private static T On<T>(string path, int number, string line, Func<JsonElement, T> read)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? read(json.RootElement)
                : throw new FormatException("it is not a JSON object");
        }
        catch (Exception mistake) when (mistake is JsonException or FormatException or UserException)
        {
            var reason = mistake is JsonException ? "it is not a JSON object" : mistake.Message;
            throw new UserException($"{path}, line {number}: {reason}", isUsage: true);
        }
    }

    private bool Add(JsonElement line)
    {
        var (peer, name) = (line.Text("peer"), WorkloadName.Parse(line.Text("name")));
        var figure = new Figure(line.Positive("ms") ?? throw new FormatException("\"ms\" is missing"),
            line.Positive("gflops"), line.Positive("gbs"));
        if (Library.IsOurs(peer))
            OneVersion(peer);
        else if (!peers.Contains(Library.Title(peer)))
            peers.Add(Library.Title(peer));
        if (line.Positive("round") is { } round)
            rounds.Add((int)round);
        if (!figures.TryGetValue(name.Text, out var row))
        {
            figures.Add(name.Text, row = []);
            names.Add(name);
        }

        var title = Library.Title(peer);
        if (!row.TryGetValue(title, out var before) || figure.Milliseconds < before.Milliseconds)
            row[title] = figure;
        return true;
    }

    /// <summary>The least time over several versions would belong to none of them.</summary>
    private void OneVersion(string peer)
    {
        Version ??= peer;
        if (Version != peer)
            throw new FormatException($"it is of {peer}, and the lines before it are of {Version}; record each in its own file");
    }
}

/// <summary>Reads the values of a line, with errors for people.</summary>
internal static class RecordedLine
{
    /// <exception cref="FormatException">There is no such text.</exception>
    internal static string Text(this JsonElement line, string name) =>
        line.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            && value.GetString() is { Length: > 0 } text
            ? text
            : throw new FormatException($"\"{name}\" should be a text that is not empty");

    /// <summary>A number above 0; null where the line has none of this name.</summary>
    /// <exception cref="FormatException">The value is not such a number.</exception>
    internal static double? Positive(this JsonElement line, string name) =>
        !line.TryGetProperty(name, out var value)
            ? null
            : value.ValueKind == JsonValueKind.Number && value.GetDouble() is > 0 and < double.PositiveInfinity and var number
            ? number
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture,
                $"\"{name}\" should be a number above 0; got {value.GetRawText()}"));
}
