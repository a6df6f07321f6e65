using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using SeqCore.Kernels;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>Parts of the study, in the order in which they run.</summary>
[Flags]
internal enum Parts
{
    Speed = 1,
    Memory = 2,
    Recall = 4,
    Gradients = 8,
    All = Speed | Memory | Recall | Gradients,
}

/// <summary>
/// All that has been measured so far, each part by a run of its own: JSON files in a folder, from which the page can be built
/// again.
/// </summary>
internal sealed record Study(Part<SpeedResult>? Speed, Part<MemoryResult>? Memory, Part<RecallResult>? Recall,
    Part<GradientResult>? Gradients)
{
    private static readonly JsonSerializerOptions options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        IndentSize = 1,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>Nothing yet.</summary>
    internal static Study Empty { get; } = new(null, null, null, null);

    /// <summary>Writes one part.</summary>
    internal static void Write<T>(string folder, string name, Part<T> part) =>
        AtomicFile.WriteText(Path.Combine(folder, name + ".json"), JsonSerializer.Serialize(part, options));

    /// <summary>Reads the parts that are there.</summary>
    /// <exception cref="UserException">A file is not such a part.</exception>
    internal static Study Read(string folder) => new(
        Read<SpeedResult>(folder, "speed"), Read<MemoryResult>(folder, "memory"), Read<RecallResult>(folder, "recall"),
        Read<GradientResult>(folder, "gradients"));

    private static Part<T>? Read<T>(string folder, string name)
    {
        var path = Path.Combine(folder, name + ".json");
        if (!File.Exists(path))
            return null;
        try
        {
            return JsonSerializer.Deserialize<Part<T>>(File.ReadAllText(path), options)
                ?? throw new JsonException("it holds null.");
        }
        catch (JsonException bad)
        {
            throw new UserException($"The file '{path}' does not hold the results of the {name} command: {bad.Message} Delete it,"
                + " or run that command again.");
        }
    }
}

/// <summary>One part of the study with what is needed to measure it again.</summary>
/// <param name="Form">short or full.</param>
/// <param name="Seed">Of all random numbers.</param>
/// <param name="Machine">Where and when.</param>
/// <param name="Seconds">How long it took in all.</param>
/// <param name="Result">The figures.</param>
internal sealed record Part<T>(string Form, ulong Seed, MachineDescription Machine, double Seconds, T Result);

/// <summary>Where and when something was measured: figures mean nothing without it.</summary>
internal sealed record MachineDescription(string Processor, int Threads, string Runtime, string System, string Date)
{
    /// <summary>The device that computes, now.</summary>
    internal static MachineDescription Now(Machine machine) => new(
        machine.Backend.Device.Kind == DeviceKind.Cpu ? Device.Cpu.GetInfo().Description : machine.Description,
        machine.Backend.Threads,
        RuntimeInformation.FrameworkDescription,
        $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}",
        DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture));

    /// <summary>The machine without the date.</summary>
    [JsonIgnore]
    public string Words => $"{Processor}; {Threads} {(Threads == 1 ? "thread" : "threads")}; {Runtime}; {System}";
}

/// <summary>
/// Shows how far a part of the study has come: on a terminal in one line that changes, else a line every ten seconds.
/// </summary>
/// <param name="terminal">Where to write.</param>
/// <param name="part">What is measured.</param>
internal sealed class Progress(Terminal terminal, string part)
{
    private readonly Lock gate = new();
    private readonly long start = Stopwatch.GetTimestamp();
    private double shownAt;
    private int done;

    /// <summary>One more of a number of measurements is done. May be called by several threads.</summary>
    internal void Done(string what, int of)
    {
        lock (gate)
        {
            done++;
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            var line = $"  {part}: {done} of {of}, {Show.Clock(seconds)} so far, last {what}";
            if (terminal.IsLive)
                terminal.Console.Write(new Spectre.Console.ControlCode($"\r\u001b[K{(done < of ? line : "")}"));
            else if (seconds - shownAt >= 10)
                terminal.Line(line);
            else
                return;
            shownAt = seconds;
        }
    }
}
