namespace SeqCore.Tests.Kernels.Rows;

internal static class Fractions
{
    /// <summary>The inputs of Goldens/row_kernels.py.</summary>
    internal static float[] Of(int length, int a, int m, int d, int shift = 0) =>
        [.. Enumerable.Range(0, length).Select(i => ((i * a + shift) % m - m / 2) / (float)d)];
}
