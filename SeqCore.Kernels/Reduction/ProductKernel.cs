using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Reduction;

/// <summary>
/// One pass over x that computes the products of each part of each result, shape (parts, results). They are computed in double
/// with an exponent beside it, so that a product may leave the range of floats and return, in an order that does not depend on
/// the width of vectors.
/// </summary>
internal unsafe struct ProductKernel : IChunks
{
    internal ReducePlan Plan;
    internal float* X;
    internal ScaledDouble* Products;

    public readonly void Invoke(int chunk)
    {
        var (tile, part) = Math.DivRem(chunk, Plan.Parts);
        var (first, count) = Plan.Results(tile);
        var from = part * Plan.Part;
        var to = Math.Min(from + Plan.Part, Plan.Reduced.Count);
        var products = Products + (nint)part * Plan.Kept.Count + first;
        if (Plan.ByColumns)
            Columns(first, count, from, to, products);
        else
            Rows(first, count, from, to, products);
    }

    private readonly void Rows(int first, int count, int from, int to, ScaledDouble* products)
    {
        var kept = new StridedWalk(Plan.Kept, first);
        nint stride = Plan.Reduced.InnerStride(0);
        for (var i = 0; i < count; i++)
        {
            var product = ScaledDouble.One;
            var walk = new StridedWalk(Plan.Reduced, from);
            for (int left = to - from, n; left > 0; left -= n)
            {
                n = Math.Min(left, walk.Left(Plan.Reduced));
                product *= OfRun(X + kept.Offset(0) + walk.Offset(0), n, stride);
                walk.Move(Plan.Reduced, n);
            }

            products[i] = product;
            kept.Move(Plan.Kept, 1);
        }
    }

    // Four products, since each multiplication waits for the one before it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ScaledDouble OfRun(float* x, int count, nint stride)
    {
        ScaledDouble p0 = ScaledDouble.One, p1 = p0, p2 = p0, p3 = p0;
        for (; count >= 4; count -= 4, x += 4 * stride)
        {
            p0 *= x[0];
            p1 *= x[stride];
            p2 *= x[2 * stride];
            p3 *= x[3 * stride];
        }

        for (; count > 0; count--, x += stride)
            p0 *= *x;
        return p0 * p1 * (p2 * p3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Columns(int first, int count, int from, int to, ScaledDouble* products)
    {
        new Span<ScaledDouble>(products, count).Fill(ScaledDouble.One);
        var x = X + new StridedWalk(Plan.Kept, first).Offset(0);
        nint stride = Plan.Kept.InnerStride(0);
        var walk = new StridedWalk(Plan.Reduced, from);
        for (var row = from; row < to; row++)
        {
            var source = x + walk.Offset(0);
            for (nint i = 0; i < count; i++)
                products[i] *= source[i * stride];
            walk.Move(Plan.Reduced, 1);
        }
    }
}
