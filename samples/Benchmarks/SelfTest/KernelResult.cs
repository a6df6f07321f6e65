namespace SeqCore.Benchmarks;

/// <summary>How a kernel on a device compares with the CPU.</summary>
/// <param name="Case">The kernel.</param>
/// <param name="Error">Largest difference of an element.</param>
/// <param name="Relative">Largest difference over the greatest element of its result.</param>
/// <param name="Seconds">Of one call on aligned operands.</param>
/// <param name="UnalignedSeconds">Of one call on operands that begin on no boundary.</param>
/// <param name="Failure">What went wrong, or null.</param>
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
