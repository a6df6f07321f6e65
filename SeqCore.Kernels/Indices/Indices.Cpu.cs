using SeqCore.Kernels.Indices;

namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    private protected override void RunCompareIndices(IndexComparison comparison, DeviceSpan<int> x, DeviceSpan<int> y,
        DeviceSpan<float> result)
    {
        ForEachRow(new CompareIndicesKernel(comparison, x.Pointer(), y.Pointer(), result.Pointer()), x.Length, 1);
    }

    private protected override void RunIndicesToFloats(DeviceSpan<int> x, DeviceSpan<float> result)
    {
        ForEachRow(new IndicesToFloatsKernel(x.Pointer(), result.Pointer()), x.Length, 1);
    }

    private protected override void RunFloatsToIndices(DeviceSpan<float> x, DeviceSpan<int> result)
    {
        var floats = x.Pointer();
        for (var i = 0; i < x.Length; i++)
        {
            if (!IndexFormula.IsIndex(floats[i]))
                throw new ArgumentException(NoIndex(i, floats[i]));
        }

        ForEachRow(new FloatsToIndicesKernel(floats, result.Pointer()), x.Length, 1);
    }

    private protected override void RunComputeIndices(IndexArithmetic operation, DeviceSpan<int> x, DeviceSpan<int> y,
        DeviceSpan<int> result)
    {
        // Without a result nothing is divided.
        if (result.Length == 0)
            return;
        var divisors = y.Pointer();
        for (var i = 0; i < y.Length && IndexFormula.Divides((int)operation); i++)
        {
            if (divisors[i] == 0)
                throw new DivideByZeroException(DivisionByZero(operation, i));
        }

        ForEachRow(new ComputeIndicesKernel((int)operation, x.Pointer(), x.Length == 1 ? 0 : 1, divisors, y.Length == 1 ? 0 : 1,
            result.Pointer()), result.Length, 1);
    }

    private readonly struct ComputeIndicesKernel(int operation, int* x, int xStep, int* y, int yStep, int* result) : ICpuKernel
    {
        public void Run(int row) => result[row] = IndexFormula.Of(operation, x[row * xStep], y[row * yStep]);
    }

    private readonly struct FloatsToIndicesKernel(float* x, int* result) : ICpuKernel
    {
        public void Run(int row) => result[row] = (int)x[row];
    }

    private readonly struct CompareIndicesKernel(IndexComparison comparison, int* x, int* y, float* result) : ICpuKernel
    {
        public void Run(int row) => result[row] = comparison switch
        {
            IndexComparison.Equal => x[row] == y[row],
            IndexComparison.Less => x[row] < y[row],
            _ => x[row] <= y[row],
        } ? 1f : 0f;
    }

    private readonly struct IndicesToFloatsKernel(int* x, float* result) : ICpuKernel
    {
        public void Run(int row) => result[row] = x[row];
    }
}
