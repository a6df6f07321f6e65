using SeqCore.Kernels.Cumulative;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    private protected override void RunCumulativeSum(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns,
        bool reverse, bool exclusive) =>
        Accumulate<CumulativeTotal, CumulativeSums>(nameof(CumulativeSum), rows, columns, reverse,
            new CumulativeSums { X = View(x), Y = View(y), Exclusive = exclusive ? 1 : 0 });

    private protected override void RunCumulativeProduct(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns,
        bool reverse, bool exclusive) =>
        Accumulate<CumulativeFactor, CumulativeProducts>(nameof(CumulativeProduct), rows, columns, reverse,
            new CumulativeProducts { X = View(x), Y = View(y), Exclusive = exclusive ? 1 : 0 });

    private protected override void RunCumulativeProductGradient(DeviceSpan<float> x, DeviceSpan<float> dY, DeviceSpan<float> dX,
        int rows, int columns, bool reverse, bool exclusive)
    {
        using var memory = Scratch((long)rows * columns, out var exponents);
        Accumulate<CumulativeFactor, CumulativeScaledProducts>(nameof(CumulativeProductGradient), rows, columns, reverse,
            new CumulativeScaledProducts { X = View(x), Mantissas = View(dX), Exponents = View(exponents) });
        Accumulate<CumulativeLine, CumulativeGradients>(nameof(CumulativeProductGradient), rows, columns, !reverse,
            new CumulativeGradients
            {
                X = View(x),
                DY = View(dY),
                DX = View(dX),
                Exponents = View(exponents),
                Exclusive = exclusive ? 1 : 0,
            });
    }

    private void Accumulate<TState, TElements>(string operation, int rows, int columns, bool reverse, TElements elements)
        where TState : unmanaged, ICumulativeState<TState>
        where TElements : struct, ICumulativeElements<TState>
    {
        if (columns == 0)
            return;
        Launch(new CumulativeGpuKernel<TState, TElements>
        {
            Elements = elements,
            Columns = columns,
            Reverse = reverse ? 1 : 0,
        }, rows, operation);
    }
}
