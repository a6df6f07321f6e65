using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using SeqCore.Kernels;
using SeqCore.Samples.Common;

namespace SeqCore.Benchmarks;

/// <summary>The header of a recorded file.</summary>
/// <param name="Date">The day of the measurement, for example 2026-11-20.</param>
/// <param name="Processor">The processor, for example "AMD EPYC, family 26".</param>
/// <param name="Cores">The number of logical cores.</param>
/// <param name="Vector">The widest vectors, for example AVX-512.</param>
/// <param name="Runtime">The version of .NET.</param>
/// <param name="Note">What else readers should know, in sentences; null for nothing.</param>
/// <param name="IsShown">Whether README and the chart show this file although others may be newer.</param>
internal sealed record RecordedMachine(DateOnly Date, string Processor, int Cores, string Vector, string Runtime,
    string? Note = null, bool IsShown = false)
{
    private const string DateFormat = "yyyy-MM-dd";

    /// <summary>The machine in a few words.</summary>
    internal string Words => $"{Processor}, {Show.Number(Cores, "core")}, {Vector}";

    /// <summary>The date as files and tables have it.</summary>
    internal string Day => Date.ToString(DateFormat, CultureInfo.InvariantCulture);

    /// <summary>This machine, today.</summary>
    internal static RecordedMachine This() => new(
        DateOnly.FromDateTime(DateTime.Now), ProcessorName(), Environment.ProcessorCount,
        Simd.Width switch { 16 => "AVX-512", 8 => "AVX2", _ => Simd.Description }, RuntimeInformation.FrameworkDescription);

    /// <exception cref="FormatException">Something is missing or wrong.</exception>
    internal static RecordedMachine Read(JsonElement header)
    {
        var date = header.Text("date");
        if (!DateOnly.TryParseExact(date, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            throw new FormatException($"\"date\" should be a day such as 2026-11-20; got '{date}'");
        if (header.Positive("cores") is not { } cores || cores != (int)cores)
            throw new FormatException("\"cores\" should be a whole number");
        return new RecordedMachine(day, header.Text("machine"), (int)cores, header.Text("vector"), header.Text("runtime"),
            header.TryGetProperty("note", out _) ? header.Text("note") : null,
            header.TryGetProperty("shown", out var shown) && shown.ValueKind == JsonValueKind.True);
    }

    /// <summary>The header as a line.</summary>
    internal string ToJson() => JsonLine.OfPresent(("date", Day), ("machine", Processor), ("cores", Cores), ("vector", Vector),
        ("runtime", Runtime), ("note", Note));

    /// <summary>Name and family of the processor on Linux; elsewhere only its architecture.</summary>
    private static string ProcessorName()
    {
        const string Source = "/proc/cpuinfo";
        var lines = File.Exists(Source) ? File.ReadAllLines(Source) : [];
        var words = new[] { Value("model name"), Value("cpu family") is { } family ? $"family {family}" : null };
        return words.Any(w => w is not null)
            ? string.Join(", ", words.Where(w => w is not null))
            : RuntimeInformation.ProcessArchitecture.ToString();

        string? Value(string name) => lines.Where(l => l.StartsWith(name, StringComparison.Ordinal))
            .Select(l => l[(l.IndexOf(':') + 1)..].Replace("(R)", "").Replace("(TM)", "").Trim())
            .FirstOrDefault(v => v.Length > 0);
    }
}
