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
