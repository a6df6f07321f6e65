namespace SeqCore.Benchmarks;

/// <summary>The comparison of a kernel on a device with the CPU.</summary>
/// <param name="Case">The case of the kernel.</param>
/// <param name="Error">The largest difference of an element.</param>
/// <param name="Relative">The largest difference over the largest element of its result.</param>
/// <param name="Seconds">The time of one call on aligned operands.</param>
/// <param name="UnalignedSeconds">The time of one call on unaligned operands.</param>
/// <param name="Failure">The description of a failure, or null.</param>
internal sealed record KernelResult(KernelCase Case, double Error, double Relative, double Seconds,
    double UnalignedSeconds, string? Failure)
{
    /// <summary>GB/s, where bytes bound the kernel; of large ones only.</summary>
    internal double? Bandwidth => Failure is null && Case.IsLarge && Case.Bytes > 0 ? Case.Bytes / Seconds / 1e9 : null;

    /// <summary>GFLOP/s, where operations bound it; of large ones only.</summary>
    internal double? Rate => Failure is null && Case.IsLarge && Case.Operations > 0 ? Case.Operations / Seconds / 1e9 : null;

    internal static KernelResult Failed(KernelCase kernel, string why) =>
        new(kernel, double.NaN, double.NaN, double.NaN, double.NaN, why);
}
