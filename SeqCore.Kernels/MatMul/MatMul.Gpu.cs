using SeqCore.Kernels.MatMul;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    private protected override void RunMatMul(in MatMulArguments arguments)
    {
        MatMulChecks.Check<GpuPackedMatrix>(arguments);
        if (arguments.M == 0 || arguments.N == 0 || arguments.Batch == 0)
            return;
        var product = BatchFolding.Fold(arguments);
        if (product.PackedB is GpuPackedMatrix packed)
            product = product with { B = packed.Matrix, PackedB = null };
        var precision = HasTensorCores && IsAligned(product.A, product.M, product.K) && IsAligned(product.B, product.K, product.N)
            ? Precision
            : MatMulPrecision.Float32;
        var dots = product.M > product.N ? !product.A.Transposed : product.B.Transposed;
        MatMul(product, MatMulPlan.Choose(product.M, product.N, product.K, product.Batch,
            accelerator.NumMultiprocessors, precision, dots));
    }

    private protected override PackedMatrix RunPack(Matrix b, int rows, int columns) =>
        new GpuPackedMatrix(this, b, rows, columns);

    /// <summary>Computes a product that has been checked, is not empty and has no packed operand, with the given plan.</summary>
    internal void MatMul(in MatMulArguments product, MatMulPlan plan)
    {
        var c = Output(product);
        if (plan.Splits == 1)
        {
            Multiply(product, plan, c, IsAligned(product.C, product.M, product.N));
            return;
        }

        var length = product.Batch * product.M * product.N;
        using var scratch = Scratch((long)plan.Splits * length, out var parts);
        Multiply(product, plan, Parts(product, parts, length), product.N % 4 == 0);
        Launch(new SplitSumKernel { Parts = View(parts), C = c, Splits = plan.Splits, Length = length },
            (int)((length + 255L) / 256));
    }

    private void Multiply(in MatMulArguments p, MatMulPlan plan, in ProductOutput c, bool isAligned)
    {
        if (plan.IsThin)
            MultiplyThin(p, plan, c);
        else if (plan.Precision == MatMulPrecision.Tf32)
            MultiplyOnTensorCores<Tf32Rounding>(p, plan, c, isAligned);
        else if (plan.Precision == MatMulPrecision.Tf32x3)
            MultiplyOnTensorCores<Tf32x3Rounding>(p, plan, c, isAligned);
        else if (plan.Side == 128)
            MultiplyTiles<LargeTile>(p, plan, c, isAligned);
        else if (plan.Side == 64)
            MultiplyTiles<MediumTile>(p, plan, c, isAligned);
        else
            MultiplyTiles<SmallTile>(p, plan, c, isAligned);
    }

    private void MultiplyTiles<TTile>(in MatMulArguments p, MatMulPlan plan, in ProductOutput c, bool isAligned)
        where TTile : struct, IProductTile
    {
        if (!IsAligned(p.A, p.M, p.K))
            MultiplyTiles<TTile, LoaderOfSingles>(p, plan, c, isAligned);
        else if (p.A.Transposed)
            MultiplyTiles<TTile, LoaderAcrossK>(p, plan, c, isAligned);
        else
            MultiplyTiles<TTile, LoaderAlongK>(p, plan, c, isAligned);
    }

    private void MultiplyTiles<TTile, TA>(in MatMulArguments p, MatMulPlan plan, in ProductOutput c, bool isAligned)
        where TTile : struct, IProductTile
        where TA : struct, IOperandLoader
    {
        if (!IsAligned(p.B, p.K, p.N))
            MultiplyTiles<TTile, TA, LoaderOfSingles>(p, plan, c, isAligned);
        else if (p.B.Transposed)
            MultiplyTiles<TTile, TA, LoaderAlongK>(p, plan, c, isAligned);
        else
            MultiplyTiles<TTile, TA, LoaderAcrossK>(p, plan, c, isAligned);
    }

    private void MultiplyTiles<TTile, TA, TB>(in MatMulArguments p, MatMulPlan plan, in ProductOutput c, bool isAligned)
        where TTile : struct, IProductTile
        where TA : struct, IOperandLoader
        where TB : struct, IOperandLoader
    {
        var groups = Grid(p, plan);
        var kernel = new TiledProductKernel<TTile, TA, TB> { A = LeftSide(p), B = RightSide(p), C = c, Groups = groups };
        LaunchAligned(kernel, isAligned, Groups((long)groups.TileRows * groups.TileColumns, p, plan), nameof(MatMul));
    }

    private static int Groups(long tiles, in MatMulArguments p, MatMulPlan plan) =>
        SizeLimitException.CheckGroups(nameof(MatMul), tiles * p.Batch * plan.Splits);

    private void MultiplyOnTensorCores<TRounding>(in MatMulArguments p, MatMulPlan plan, in ProductOutput c, bool isAligned)
        where TRounding : struct, ITensorCoreRounding
    {
        if (p.A.Transposed && p.B.Transposed)
            MultiplyOnTensorCores<TensorCoreLayoutAcrossK, TensorCoreLayoutAlongK, TRounding>(p, plan, c, isAligned);
        else if (p.A.Transposed)
            MultiplyOnTensorCores<TensorCoreLayoutAcrossK, TensorCoreLayoutAcrossK, TRounding>(p, plan, c, isAligned);
        else if (p.B.Transposed)
            MultiplyOnTensorCores<TensorCoreLayoutAlongK, TensorCoreLayoutAlongK, TRounding>(p, plan, c, isAligned);
        else
            MultiplyOnTensorCores<TensorCoreLayoutAlongK, TensorCoreLayoutAcrossK, TRounding>(p, plan, c, isAligned);
    }

    private void MultiplyOnTensorCores<TA, TB, TRounding>(in MatMulArguments p, MatMulPlan plan, in ProductOutput c,
        bool isAligned)
        where TA : struct, ITensorCoreLayout
        where TB : struct, ITensorCoreLayout
        where TRounding : struct, ITensorCoreRounding
    {
        var (a, b, groups) = (LeftSide(p), RightSide(p), Grid(p, plan));
        var kernel = new TensorCoreProductKernel<TA, TB, TRounding>
        {
            A = a,
            B = b,
            C = c,
            Groups = groups,
        };
        LaunchAligned(kernel, isAligned, Groups((long)groups.TileRows * groups.TileColumns, p, plan), nameof(MatMul));
    }

    private void MultiplyThin(in MatMulArguments p, MatMulPlan plan, in ProductOutput c)
    {
        if (Math.Min(p.M, p.N) == 1)
            MultiplyThin<OneRow>(p, plan, c);
        else
            MultiplyThin<FourRows>(p, plan, c);
    }

    private void MultiplyThin<TRows>(in MatMulArguments p, MatMulPlan plan, in ProductOutput c) where TRows : struct, IRowCount
    {
        var swapped = p.M > p.N;
        var (x, y) = swapped ? (RightSide(p), LeftSide(p)) : (LeftSide(p), RightSide(p));
        if (y.KStride == 1)
        {
            var isAligned = x.KStride == 1 && IsAligned(p.A, p.M, p.K) && IsAligned(p.B, p.K, p.N);
            var kernel = new ThinDotKernel<TRows>
            {
                X = x,
                Y = y,
                C = c,
                Swapped = swapped ? 1 : 0,
                Batch = p.Batch,
                K = p.K,
                PartK = plan.PartK(p.K),
            };
            LaunchAligned(kernel, isAligned, Groups((y.Outer + 7L) / 8, p, plan), nameof(MatMul));
        }
        else
        {
            var kernel = new ThinSumKernel<TRows>
            {
                X = x,
                Y = y,
                C = c,
                Swapped = swapped ? 1 : 0,
                Batch = p.Batch,
                K = p.K,
                PartK = plan.PartK(p.K),
            };
            Launch(kernel, Groups((y.Outer + 31L) / 32, p, plan), nameof(MatMul));
        }
    }

    private static ProductGrid Grid(in MatMulArguments p, MatMulPlan plan) => new()
    {
        TileRows = (p.M + plan.Side - 1) / plan.Side,
        TileColumns = (p.N + plan.Side - 1) / plan.Side,
        Batch = p.Batch,
        K = p.K,
        PartK = plan.PartK(p.K),
    };

    // Whether the contiguous axis can be loaded in aligned groups of four neighbours without a rest.
    private static bool IsAligned(Matrix matrix, int rows, int columns) =>
        Float4.IsAligned(matrix.Data, matrix.Transposed ? rows : columns, matrix.RowStride, matrix.BatchStride);

    private ProductOperand LeftSide(in MatMulArguments p) => new()
    {
        Data = View(p.A.Data),
        Outer = p.M,
        OuterStride = p.A.Transposed ? 1 : p.A.RowStride,
        KStride = p.A.Transposed ? p.A.RowStride : 1,
        BatchStride = p.A.BatchStride,
    };

    private ProductOperand RightSide(in MatMulArguments p) => new()
    {
        Data = View(p.B.Data),
        Outer = p.N,
        OuterStride = p.B.Transposed ? p.B.RowStride : 1,
        KStride = p.B.Transposed ? 1 : p.B.RowStride,
        BatchStride = p.B.BatchStride,
    };

    private ProductOutput Output(in MatMulArguments p) => new()
    {
        C = View(p.C.Data),
        Bias = View(p.Bias),
        M = p.M,
        N = p.N,
        RowStride = p.C.RowStride,
        BatchStride = p.C.BatchStride,
        Alpha = p.Alpha,
        Beta = p.Beta,
        Activation = p.Activation,
    };

    private ProductOutput Parts(in MatMulArguments p, DeviceSpan<float> parts, int length) => new()
    {
        C = View(parts),
        Bias = View(default(DeviceSpan<float>)),
        M = p.M,
        N = p.N,
        RowStride = p.N,
        BatchStride = p.M * p.N,
        SplitStride = length,
        Alpha = 1f,
    };
}
