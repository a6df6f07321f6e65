using SeqCore.Kernels.MatMul;

namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    /// <summary>
    /// With fewer rows of A than this, packing a B that is stored by rows costs more than it saves; for one stored by columns see
    /// <see cref="RowsOfDotProducts"/>.
    /// </summary>
    private const int PackingRows = 48;

    private protected override void RunMatMul(in MatMulArguments arguments)
    {
        MatMulChecks.Check<PackedPanels>(arguments);
        if (arguments.M == 0 || arguments.N == 0 || arguments.Batch == 0)
            return;
        var batch = BatchFolding.Fold(arguments);
        var each = (long)batch.M * batch.N * batch.K;
        if (batch.Batch > 1 && each < 32 * ParallelWork)
        {
            var products = new BatchOfProducts { Backend = this, Arguments = batch };
            Workers.For(each * batch.Batch < ParallelWork ? 1 : batch.Batch, ref products);
        }
        else
        {
            for (var i = 0; i < batch.Batch; i++)
                Multiply(new Product(batch, i), Workers);
        }
    }

    private protected override PackedMatrix RunPack(Matrix b, int rows, int columns)
    {
        var packed = new PackedPanels(this, b.Data.Pointer(), b.Transposed ? 1 : b.RowStride,
            b.Transposed ? b.RowStride : 1, rows, columns);
        return packed;
    }

    /// <summary>
    /// Computes one product with the algorithm that suits its shape; the choice depends on the sizes only, and so do the bits.
    /// </summary>
    /// <param name="p">The product.</param>
    /// <param name="workers">The workers; null inside a chunk, where other chunks use the threads.</param>
    internal void Multiply(Product p, WorkerPool? workers)
    {
        if (p.M == 0 || p.N == 0)
            return;

        // A single column is a row of the transposed product, C' = B' A'.
        if (p.N == 1 && p.M > 1 && p.CStride == 1 && p.Packed is null && p.Bias == null)
            p = p.Transpose();
        if (p.Packed is null && p.BRowStride == 1 && p.AColumnStride == 1 && p.M < RowsOfDotProducts(p.K) && p.K >= Simd.Width
            && p.N > 1)
        {
            var chunks = new DotProducts { P = p };
            Run((p.N + DotProducts.ChunkColumns - 1) / DotProducts.ChunkColumns, ref chunks, p.Work, workers);
        }
        else if (p.M == 1 && p.Packed is null && p.BColumnStride == 1 && p.AColumnStride == 1)
        {
            var chunks = new RowTimesMatrix { P = p };
            Run((p.N + RowTimesMatrix.ChunkColumns - 1) / RowTimesMatrix.ChunkColumns, ref chunks, p.Work, workers);
        }
        else
        {
            MultiplyBlocked(p, workers);
        }
    }

    /// <summary>
    /// Returns the number of rows of A from which it is faster to pack a B that is stored by columns than to compute dot products
    /// with it, each of which ends in a sum over the lanes. Measured on AVX2; with more registers the tiles of dot products are
    /// larger, and they stay ahead up to twice as many rows.
    /// </summary>
    private static int RowsOfDotProducts(int k) =>
        MicroKernel.HasManyRegisters ? Math.Min(PackingRows, 8 + (k / 16)) : Math.Min(32, 8 + (k / 64));

    private void MultiplyBlocked(in Product p, WorkerPool? workers)
    {
        var pack = p.Packed is null && (p.BColumnStride != 1 || p.M >= PackingRows) && p.K > 0;
        using var packed = pack ? new PackedPanels(this, p.B, p.BRowStride, p.BColumnStride, p.K, p.N) : null;
        var threads = workers is null || p.Work < ParallelWork ? 1 : workers.Threads;
        var chunks = new BlockedProduct(this, p, packed ?? p.Packed, threads);
        Run(chunks.Count, ref chunks, p.Work, workers);
    }

    private struct BatchOfProducts : IChunks
    {
        internal CpuBackend Backend;
        internal MatMulArguments Arguments;

        public void Invoke(int chunk)
        {
            if ((long)Arguments.M * Arguments.N * Arguments.K * Arguments.Batch >= ParallelWork)
            {
                Backend.Multiply(new Product(Arguments, chunk), null);
                return;
            }

            for (var i = 0; i < Arguments.Batch; i++)
                Backend.Multiply(new Product(Arguments, i), null);
        }
    }
}
