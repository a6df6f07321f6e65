namespace SeqCore.Kernels;

/// <summary>How exactly a GPU multiplies matrices.</summary>
public enum MatMulPrecision
{
    /// <summary>Factors, products and sums are float32, as on the CPU.</summary>
    Float32,

    /// <summary>
    /// Tensor cores, where the device has them: factors are rounded to tf32, whose 10 bits of fraction leave an error of 2^-11 in
    /// each, so that a sum of k products of numbers of size 1 is off by some 4e-4 sqrt(k); sums are float32. Products whose rows do not start at
    /// multiples of 16 bytes, and small ones, stay in float32.
    /// </summary>
    Tf32,
}
