namespace SeqCore.Benchmarks;

/// <summary>A workload of the comparison.</summary>
/// <param name="Name">What was computed.</param>
/// <param name="Ours">Milliseconds of SeqCore; null where it was not timed.</param>
/// <param name="Peers">Milliseconds of each of the other libraries; null where one was not timed.</param>
/// <param name="Share">The part of the machine's limit that SeqCore reached; null where the limit is not known.</param>
internal sealed record ComparedWorkload(WorkloadName Name, double? Ours, IReadOnlyList<double?> Peers, double? Share)
{
    /// <summary>How many times as long as SeqCore the fastest of the others takes.</summary>
    internal double? Ratio => Peers.Min() / Ours;
}

/// <summary>SeqCore beside the other libraries of a recorded file.</summary>
internal sealed class Comparison
{
    internal Comparison(RecordedFile file)
    {
        File = file;
        Limits = new MachineLimits(file);
        Workloads = [.. file.Workloads.Where(w => !StandardWorkloads.IsLimit(w.Name)).Select(w => new ComparedWorkload(w.Name,
            Time(w, Library.Ours), [.. file.Peers.Select(p => Time(w, p))], Limits.Share(w)))];
        Ratios = [.. Workloads.Where(w => w.Ratio is not null).Select(w => w.Ratio!.Value)];
    }

    /// <summary>The file that the figures come from.</summary>
    internal RecordedFile File { get; }

    /// <summary>The limits of the machine.</summary>
    internal MachineLimits Limits { get; }

    /// <summary>The workloads in the order of the file.</summary>
    internal IReadOnlyList<ComparedWorkload> Workloads { get; }

    /// <summary>The ratios that there are.</summary>
    internal IReadOnlyList<double> Ratios { get; }

    /// <summary>The geometric mean of the ratios; NaN where there are none.</summary>
    internal double Mean => Math.Exp(Ratios.Select(r => Math.Log(r)).DefaultIfEmpty(double.NaN).Average());

    private static double? Time(RecordedWorkload workload, string library) =>
        workload.Figures.TryGetValue(library, out var figure) ? figure.Milliseconds : null;
}
