using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>The parts of the study, in the order in which they run.</summary>
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
    /// <summary>A study without measurements.</summary>
    internal static Study Empty { get; } = new(null, null, null, null);

    /// <summary>Reads the parts that exist.</summary>
    /// <exception cref="UserException">A file is not a part of a study.</exception>
    internal static Study Read(string folder) => new(
        StudyFile.Read<SpeedResult>(folder, "speed"), StudyFile.Read<MemoryResult>(folder, "memory"),
        StudyFile.Read<RecallResult>(folder, "recall"), StudyFile.Read<GradientResult>(folder, "gradients"));
}

/// <summary>One part of the study with what is needed to measure it again.</summary>
/// <param name="Preset">The preset, short or full, which files call form.</param>
/// <param name="Seed">The seed of all random numbers.</param>
/// <param name="Machine">The place and time of the measurement.</param>
/// <param name="Seconds">The total time.</param>
/// <param name="Result">The figures.</param>
internal sealed record Part<T>([property: JsonPropertyName("form")] string Preset, ulong Seed, MachineDescription Machine,
    double Seconds, T Result);

/// <summary>The place and time of a measurement, without which figures mean nothing.</summary>
internal sealed record MachineDescription(string Processor, int Threads, string Runtime, string System, string Date)
{
    /// <summary>Describes the present device and time.</summary>
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
/// Shows the progress of a part of the study: on a terminal in one changing line, elsewhere as a line every ten seconds.
/// </summary>
/// <param name="terminal">The terminal to write to.</param>
/// <param name="part">The name of the part.</param>
internal sealed class Progress(Terminal terminal, string part)
{
    private readonly Lock gate = new();
    private readonly long start = Stopwatch.GetTimestamp();
    private double shownAt;
    private int done;
    private int shown;

    /// <summary>Records that one more measurement is done. Several threads may call it.</summary>
    internal void Done(string what, int of)
    {
        lock (gate)
        {
            done++;
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            var line = $"  {part}: {done} of {of}, {Show.Clock(seconds)} so far, last {what}";
            if (terminal.IsLive)
                Rewrite(done < of ? line : "");
            else if (seconds - shownAt >= 10)
                terminal.Line(line);
            else
                return;
            shownAt = seconds;
        }
    }

    /// <summary>Writes over the line before, with spaces where that was longer: this works on every terminal.</summary>
    private void Rewrite(string line)
    {
        var cut = line[..Math.Min(line.Length, terminal.Width)];
        terminal.Messages.Write($"\r{cut.PadRight(shown)}{(cut.Length == 0 ? "\r" : "")}");
        terminal.Messages.Flush();
        shown = cut.Length;
    }
}
