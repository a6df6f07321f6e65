using ILGPU;

namespace SeqCore.Kernels.MatMul;

/// <summary>The tile of a product on tensor cores.</summary>
internal static class TensorCoreTile
{
    /// <summary>The number of rows and of columns of C.</summary>
    internal const int Side = 128;

    /// <summary>The number of terms of a sum in one stage.</summary>
    internal const int Depth = 16;

    /// <summary>
    /// The number of stages: one that is multiplied and two that are being copied. Three of 16 KB are the most that a group may
    /// have without asking.
    /// </summary>
    internal const int Stages = 3;

    /// <summary>The number of floats of an operand's stage.</summary>
    internal const int Stage = Side * Depth;
}

/// <summary>
/// The product on tensor cores: factors become tf32 numbers (8 bits of exponent, 10 of fraction), products and sums are float32.
/// A group of four warps computes a tile of C, each warp a quarter:
/// <code>
///            64 columns  64 columns        a warp's quarter: 4 x 8 products of 16 x 8 by mma.m16n8k8
///  64 rows     warp 0      warp 1          (or three of each), twice for the 16 terms of a stage
///  64 rows     warp 2      warp 3
///
///   stage      s mod 3     (s+1) mod 3     (s+2) mod 3
///   step s     multiply    arriving        copies start
/// </code>
/// A step waits until its stage has arrived, waits for the other warps at a barrier (after which no warp reads the stage of step
/// s - 1), starts the copies of step s + 2 into that stage, and multiplies.
/// </summary>
/// <typeparam name="TA">The layout of A in shared memory.</typeparam>
/// <typeparam name="TB">The layout of B in shared memory.</typeparam>
/// <typeparam name="TRounding">The conversion of factors to tf32 numbers.</typeparam>
internal struct TensorCoreProductKernel<TA, TB, TRounding> : IFloat4Kernel
    where TA : struct, ITensorCoreLayout
    where TB : struct, ITensorCoreLayout
    where TRounding : struct, ITensorCoreRounding
{
    internal ProductOperand A;
    internal ProductOperand B;
    internal ProductOutput C;
    internal ProductGrid Groups;

    public static int GroupSize => 128;

    public static int GroupsPerMultiprocessor => 2;

    public readonly void Run<TAccess>() where TAccess : struct, IFloat4Access
    {
        var sharedA = SharedMemory.Allocate<Float4>(TensorCoreTile.Stages * TensorCoreTile.Stage / 4);
        var sharedB = SharedMemory.Allocate<Float4>(TensorCoreTile.Stages * TensorCoreTile.Stage / 4);
        ArrayView<float> singlesA = sharedA.Cast<float>(), singlesB = sharedB.Cast<float>();
        var place = Groups.Find(Grid.IdxX, TensorCoreTile.Side);
        var start = C.Start(place.Batch, place.Split);
        var copyA = default(TensorCoreCopies<TA>);
        var copyB = default(TensorCoreCopies<TB>);
        copyA.Start(A, place.Batch, place.Row, place.FirstK);
        copyB.Start(B, place.Batch, place.Column, place.FirstK);
        int ahead = 0, k = place.FirstK;
        for (; ahead < 2 * TensorCoreTile.Stage; ahead += TensorCoreTile.Stage)
        {
            copyA.Copy(Float4.Cast(A.Data), A.KStride, sharedA, ahead >> 2, k, place.EndK);
            copyB.Copy(Float4.Cast(B.Data), B.KStride, sharedB, ahead >> 2, k, place.EndK);
            GpuIntrinsics.CommitCopies();
            k += TensorCoreTile.Depth;
        }

        int lane = Group.IdxX & 31, row = (Group.IdxX >> 6) * 64, column = ((Group.IdxX >> 5) & 1) * 64, stage = 0;
        var laneA = TensorCoreLane<TA>.At(row, lane);
        var laneB = TensorCoreLane<TB>.At(column, lane);
        var tile = default(TensorCoreSums);
        for (; k < place.EndK + (2 * TensorCoreTile.Depth); k += TensorCoreTile.Depth)
        {
            GpuIntrinsics.WaitForCopiesButOne();
            Group.Barrier();
            copyA.Copy(Float4.Cast(A.Data), A.KStride, sharedA, ahead >> 2, k, place.EndK);
            copyB.Copy(Float4.Cast(B.Data), B.KStride, sharedB, ahead >> 2, k, place.EndK);
            GpuIntrinsics.CommitCopies();
            var a = laneA.Window(singlesA, stage);
            var b = laneB.Window(singlesB, stage);
            tile.Add<TA, TB, TRounding>(a, b, 0);
            tile.Add<TA, TB, TRounding>(a, b, 2);
            stage = Next(stage);
            ahead = Next(ahead);
        }

        // Neighbours exchange halves, so that each lane has four columns of one row.
        var odd = (lane & 1) != 0;
        row += place.Row + TensorCoreFragment.Group(lane) + (odd ? 8 : 0);
        column += place.Column + (TensorCoreFragment.Member(lane) >> 1 << 2);
        for (var i = 0; i < 4; i++)
        {
            var part = tile.Row(i);
            for (var j = 0; j < 8; j++)
            {
                var sums = part.Part(j);
                var x = Warp.ShuffleXor(odd ? sums.X : sums.Z, 1);
                var y = Warp.ShuffleXor(odd ? sums.Y : sums.W, 1);
                C.Store<TAccess>(start, row + (i * 16), column + (j * 8),
                    odd ? new Float4(x, y, sums.Z, sums.W) : new Float4(sums.X, sums.Y, x, y));
            }
        }
    }

    private static int Next(int stage) =>
        stage == (TensorCoreTile.Stages - 1) * TensorCoreTile.Stage ? 0 : stage + TensorCoreTile.Stage;
}
