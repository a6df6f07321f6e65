using ILGPU.Runtime.Cuda;

namespace SeqCore.Kernels;

/// <summary>
/// The precision with which a GPU multiplies matrices, also in attention (queries with keys, weights with values).
/// </summary>
public enum MatMulPrecision
{
    /// <summary>All arithmetic is in float32, as on the CPU.</summary>
    Float32,

    /// <summary>
    /// Tensor cores, where the device has them, at nearly float32's accuracy: each factor is split into two tf32 numbers, x = h
    /// + l, and the products h h, h l and l h are summed in float32. The error of a product is at most 2^-21 of it. It applies to
    /// the same products as <see cref="Tf32"/>; its speed has not been measured yet. Factors that are infinite, or 3.402e38 and
    /// more, make their sums NaN; for factors below 2^-103 the cores may lose l, which leaves the accuracy of <see cref="Tf32"/>.
    /// </summary>
    Tf32x3,

    /// <summary>
    /// Tensor cores, where the device has them: factors are rounded to tf32, whose 10 bits of fraction cause an error of 2^-11 in
    /// each, so that a sum of k products of numbers of size 1 has an error of about 4e-4 sqrt(k); sums are float32. Products
    /// whose rows do not start at multiples of 16 bytes, and small ones, stay in float32.
    /// </summary>
    Tf32,
}

public sealed partial class GpuBackend
{
    private const string PrecisionVariable = "SEQCORE_GPU_PRECISION";

    /// <summary>
    /// The precision of matrix products, and of attention over more than 8 queries with heads of up to 64 elements whose rows
    /// start at multiples of 16 bytes. The default is float32, or the value of the environment variable SEQCORE_GPU_PRECISION
    /// (tf32x3 or tf32). It has an effect only on CUDA devices of compute capability 8.0 or more.
    /// </summary>
    public MatMulPrecision Precision { get; set; }

    private bool HasTensorCores =>
        IsCuda && (accelerator is not CudaAccelerator cuda || cuda.Architecture >= CudaArchitecture.SM_80);

    /// <summary>Returns the precision that the environment variable names.</summary>
    internal static MatMulPrecision PrecisionNamed(string? text, Device device)
    {
        if (string.IsNullOrEmpty(text))
            return MatMulPrecision.Float32;
        return Enum.GetNames<MatMulPrecision>()
            .FirstOrDefault(n => n.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name
            ? Enum.Parse<MatMulPrecision>(name)
            : throw new DeviceException(device,
                $"The environment variable {PrecisionVariable} is '{text}'; it should be float32, tf32x3 or tf32.");
    }
}
