namespace SeqCore.Kernels;

/// <summary>How exactly a GPU multiplies matrices, and queries with keys and weights with values.</summary>
public enum MatMulPrecision
{
    /// <summary>Factors, products and sums are float32, as on the CPU.</summary>
    Float32,

    /// <summary>
    /// Tensor cores, where the device has them, at nearly float32's accuracy: each factor is split into two tf32 numbers, x = h
    /// + l, and the products h h, h l and l h are summed in float32. What is left out of a product is at most 2^-21 of it. For
    /// the same products as <see cref="Tf32"/>; how fast it is has not been timed yet. Factors that are infinite, or 3.402e38 and
    /// more, make their sums NaN, and of those below 2^-103 the cores may lose l, which leaves <see cref="Tf32"/>'s accuracy.
    /// </summary>
    Tf32x3,

    /// <summary>
    /// Tensor cores, where the device has them: factors are rounded to tf32, whose 10 bits of fraction leave an error of 2^-11 in
    /// each, so that a sum of k products of numbers of size 1 is off by some 4e-4 sqrt(k); sums are float32. Products whose rows
    /// do not start at multiples of 16 bytes, and small ones, stay in float32.
    /// </summary>
    Tf32,
}
