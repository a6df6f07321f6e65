namespace SeqCore.Benchmarks;

/// <summary>A kernel in one variant and size, ready to run on any device.</summary>
/// <param name="Operation">The name of its member of Backend.</param>
/// <param name="Variant">The layout and options of the operands.</param>
/// <param name="Bound">Largest error allowed between two devices, relative to the result's largest element.</param>
/// <param name="Prepare">Puts the operands on a device and returns one call.</param>
internal sealed record KernelCase(string Operation, string Variant, double Bound, Func<KernelOperands, Action> Prepare)
{
    /// <summary>Bytes that have to move between memory and processor, or 0 where other things bound the kernel.</summary>
    internal double Bytes { get; init; }

    /// <summary>Floating-point operations, or 0 where bytes bound the kernel.</summary>
    internal double Operations { get; init; }

    /// <summary>Whether it is large enough for a meaningful time on a GPU, and so slow elsewhere.</summary>
    internal bool IsLarge { get; init; }

    /// <summary>The kinds of device that have it; all where null.</summary>
    internal Func<Kernels.Backend, bool>? Applies { get; init; }

    /// <summary>Whether a device has the kernel.</summary>
    internal bool AppliesTo(Kernels.Backend backend) => Applies is null || Applies(backend);

    /// <summary>Every operation of Backend, each in several variants and sizes.</summary>
    internal static IEnumerable<KernelCase> All =>
    [
        .. TransferCases.Create(),
        .. UnaryCases.Create(),
        .. BinaryCases.Create(),
        .. CopyCases.Create(),
        .. ReductionCases.Create(),
        .. SoftmaxCases.Create(),
        .. NormCases.Create(),
        .. CrossEntropyCases.Create(),
        .. GatherCases.Create(),
        .. AlongAxisCases.Create(),
        .. CumulativeCases.Create(),
        .. Conv1dCases.Create(),
        .. CrfCases.Create(),
        .. CopyMixtureCases.Create(),
        .. IndexCases.Create(),
        .. TransformerRowCases.Create(),
        .. RandomCases.Create(),
        .. OptimizerCases.Create(),
        .. MatMulCases.Create(),
        .. RecurrentCases.Create(),
        .. AttentionCases.Create(),
    ];
}

/// <summary>
/// Bounds of the difference between two devices, relative to the result's largest element. They compute the same formula in
/// float32 but add in another order, and their divisions, roots and multiply-adds round differently.
/// </summary>
internal static class Bounds
{
    /// <summary>The same bits: nothing is rounded.</summary>
    internal const double Exact = 0;

    /// <summary>A formula of some roundings for each element: 16 units of 2^-24.</summary>
    internal const double Elementwise = 16 * Unit;

    /// <summary>
    /// Products of factors rounded to 2^-11, so that an element's error is some 4e-4 of its spread: the largest of millions of
    /// errors, over the largest of as many elements.
    /// </summary>
    internal const double Tf32 = 1.0 / 1024;

    private const double Unit = 1.0 / (1 << 24);

    /// <summary>A sum of n terms: errors of 2^-24 that add up like a random walk, with a margin of about ten.</summary>
    internal static double Sum(double terms) => Unit * (16 + 2 * Math.Sqrt(terms));
}
