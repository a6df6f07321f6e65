namespace SeqCore.Benchmarks;

/// <summary>What is timed, ready to run again and again.</summary>
/// <param name="Run">One call.</param>
/// <param name="Operations">Floating-point operations of a call, or null where bytes, not operations, bound it.</param>
internal sealed record Workload(Action Run, double? Operations = null);

/// <summary>A family of workloads of any shape.</summary>
/// <param name="Name">For example lstm_fwd.</param>
/// <param name="Letters">What the sizes mean, for example BxTxIxH.</param>
/// <param name="Create">Makes one from its sizes.</param>
internal sealed record WorkloadKind(string Name, string Letters, Func<int[], Workload> Create)
{
    internal static readonly IReadOnlyList<WorkloadKind> All =
    [
        .. MatMulWorkloads.Kinds,
        .. RowWorkloads.Kinds,
    ];
}
