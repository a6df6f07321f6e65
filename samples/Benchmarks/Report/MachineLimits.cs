namespace SeqCore.Benchmarks;

/// <summary>What the machine of a recorded file can do at most, by the workloads that measure its limits.</summary>
internal sealed class MachineLimits
{
    /// <summary>A read of more, or fewer, numbers than this many times the weights may be from another cache.</summary>
    private const double Nearby = 2;

    private readonly double? arithmetic, memory;
    private readonly (double Count, double Gbs)[] reads;

    internal MachineLimits(RecordedFile file)
    {
        All = [.. file.Workloads.Where(w => StandardWorkloads.IsLimit(w.Name) && w.Figures.ContainsKey(Library.Ours))
            .Select(w => (w.Name, w.Figures[Library.Ours]))];
        arithmetic = Of("fma_peak").Max(l => l.Figure.Gflops);
        memory = new[] { Of("copy"), Of("read") }
            .Max(kind => kind.OrderBy(l => l.Name.Sizes[0]).Select(l => l.Figure.Gbs).LastOrDefault());
        reads = [.. Of("read").Where(l => l.Figure.Gbs is not null).Select(l => ((double)l.Name.Sizes[0], l.Figure.Gbs!.Value))];
    }

    /// <summary>The limits that the file has.</summary>
    internal IReadOnlyList<(WorkloadName Name, Figure Figure)> All { get; }

    /// <summary>
    /// The part of the machine's limit that SeqCore reached; null where the file has no limit for the workload. Arithmetic is
    /// compared with <c>fma_peak</c>, and bytes with the faster of <c>copy</c> and <c>read</c>, each with its largest N, which
    /// is in memory. A workload of one row reads its weights, and is compared with <c>read</c> of about as many numbers.
    /// </summary>
    internal double? Share(RecordedWorkload workload)
    {
        if (!workload.Figures.TryGetValue(Library.Ours, out var ours))
            return null;
        if (OneRow.Weights(workload.Name) is { } weights)
            return weights.Passes * sizeof(float) * weights.Count / (ours.Milliseconds * 1e6) / Reading(weights.Count);
        return ours.Gflops is { } gflops ? gflops / arithmetic : ours.Gbs / memory;
    }

    /// <summary>The speed of the read whose N is nearest.</summary>
    private double? Reading(double count)
    {
        var near = reads.Where(r => Distance(r.Count) <= Math.Log(Nearby)).ToArray();
        return near.Length == 0 ? null : near.MinBy(r => Distance(r.Count)).Gbs;

        double Distance(double n) => Math.Abs(Math.Log(n / count));
    }

    private IEnumerable<(WorkloadName Name, Figure Figure)> Of(string kind) => All.Where(l => l.Name.Kind.Name == kind);
}

/// <summary>The workloads that multiply one row at a time, so that their time is that of reading the weights.</summary>
internal static class OneRow
{
    /// <summary>
    /// The number of weights that each row is multiplied by, and the number of rows, one after the other; null for other
    /// workloads.
    /// </summary>
    internal static (double Count, int Passes)? Weights(WorkloadName name) => (name.Kind.Name, name.Sizes) switch
    {
        ("matmul_nt", [1, var k, var n]) => ((double)k * n, 1),
        ("lstm_step", [1, var i, var h]) => (Gates(i, h), 1),
        ("generate_charlstm", [var n, var v, var e, var h, var l]) =>
            (Gates(e, h) + (l - 1) * Gates(h, h) + (double)v * h, n),

        // Queries, keys, values and output are 4 C^2, the feed-forward layers 8 C^2.
        ("generate_gpt", [var n, var v, var c, _, var l]) => (12.0 * l * c * c + (double)v * c, n),
        _ => null,
    };

    private static double Gates(int inputs, int units) => 4.0 * units * ((double)inputs + units);
}
