namespace SeqCore.Kernels;

/// <summary>
/// Specifies which elements of D = A B + C a lane holds for the instruction mma.m16n8k8 over tf32 (NVIDIA, PTX ISA, "Matrix
/// Fragments for mma.m16n8k8"). With g = lane / 4 and t = lane mod 4:
/// <code>
///   A (16, 8)    column  t    t + 4       B (8, 8)   column  g       C, D (16, 8)   column  2t   2t + 1
///   row  g              a0     a2         row  t            b0       row  g                c0      c1
///        g + 8          a1     a3              t + 4        b1            g + 8            c2      c3
/// </code>
/// </summary>
internal static class TensorCoreFragment
{
    /// <summary>g: the lane's row of A and of C, and its column of B.</summary>
    internal static int Group(int lane) => lane >> 2;

    /// <summary>t: the lane's column of A, its row of B, and half its column of C.</summary>
    internal static int Member(int lane) => lane & 3;
}
