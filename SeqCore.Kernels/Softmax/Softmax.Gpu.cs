using ILGPU;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public override void Softmax(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns)
    {
        Rows.Check(nameof(Softmax), nameof(x), x, rows, columns);
        Rows.Check(nameof(Softmax), nameof(y), y, rows, columns);
        Launch(new SoftmaxGpuKernel { X = View(x), Y = View(y), Columns = columns }, rows);
    }

    /// <inheritdoc/>
    public override void SoftmaxGradient(DeviceSpan<float> y, DeviceSpan<float> dY, DeviceSpan<float> dX, int rows, int columns) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void LogSoftmax(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void LogSoftmaxGradient(DeviceSpan<float> y, DeviceSpan<float> dY, DeviceSpan<float> dX, int rows, int columns) => throw new NotImplementedException();
}

/// <summary>One group a row: each thread takes every 256th element, and the group combines what they found.</summary>
internal struct SoftmaxGpuKernel : IGpuKernel
{
    internal ArrayView<float> X;
    internal ArrayView<float> Y;
    internal int Columns;

    public readonly void Run()
    {
        var start = Grid.IdxX * Columns;
        var most = float.NegativeInfinity;
        for (var j = Group.IdxX; j < Columns; j += Group.DimX)
        {
            var x = X[start + j];
            most = x > most ? x : most;
        }

        most = GroupReduction.Max(most);
        var sum = 0f;
        for (var j = Group.IdxX; j < Columns; j += Group.DimX)
            sum += Elementary.Exp(new LaneGpu(X[start + j] - most)).Value;
        sum = GroupReduction.Sum(sum);
        for (var j = Group.IdxX; j < Columns; j += Group.DimX)
            Y[start + j] = Elementary.Exp(new LaneGpu(X[start + j] - most)).Value / sum;
    }
}
