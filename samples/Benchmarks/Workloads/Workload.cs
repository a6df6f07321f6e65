namespace SeqCore.Benchmarks;

/// <summary>Work to time, ready to run again and again.</summary>
/// <param name="Run">Runs one call.</param>
/// <param name="Operations">Floating-point operations of a call, or null where bytes, not operations, bound it.</param>
/// <param name="Wait">Waits until what a call queued has run, where the default backend's Synchronize would not.</param>
/// <param name="Floats">
/// Numbers that a call must move where they bound it: each operand read once and each result written once,
/// however often it is done.
/// </param>
/// <param name="Plan">The plan of a product, and the plan that the library would take.</param>
internal sealed record Workload(Action Run, double? Operations = null, Action? Wait = null, double? Floats = null,
    (string Taken, string Chosen)? Plan = null)
{
    /// <summary>Makes work without gradients, which allocates its results at each call and gives them back.</summary>
    internal static Workload Inference(Action body, double? operations = null, double? floats = null) => new(
        () =>
        {
            using var scope = new TensorScope("workload");
            body();
        },
        operations,
        Floats: floats);

    /// <summary>Makes work that is recorded on its own tape and runs the backward pass too.</summary>
    internal static Workload WithGradient(Action<Tape> body, double? operations = null, double? floats = null) => new(
        () =>
        {
            using var tape = new Tape();
            body(tape);
        },
        operations,
        Floats: floats);
}

/// <summary>A family of workloads of any shape.</summary>
/// <param name="Name">The name, for example lstm_fwd.</param>
/// <param name="Letters">The letters of the sizes, for example BxTxIxH.</param>
/// <param name="Create">Makes a workload from its sizes.</param>
internal sealed record WorkloadKind(string Name, string Letters, Func<int[], Workload> Create)
{
    internal static readonly IReadOnlyList<WorkloadKind> All =
    [
        .. MatMulWorkloads.Kinds,
        .. RowWorkloads.Kinds,
        .. TransformerRowWorkloads.Kinds,
        .. RecurrentWorkloads.Kinds,
        .. Conv1dWorkloads.Kinds,
        .. CrfWorkloads.Kinds,
        .. CopyMixtureWorkloads.Kinds,
        .. OptimizerWorkloads.Kinds,
        .. AttentionWorkloads.Kinds,
        .. LanguageModelWorkloads.Kinds,
        .. ClassifierWorkloads.Kinds,
        .. TokenizerWorkloads.Kinds,
        .. YardstickWorkloads.Kinds,
        .. PeakWorkloads.Kinds,
    ];
}
