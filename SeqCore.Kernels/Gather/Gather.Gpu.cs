namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public override void Gather(DeviceSpan<float> table, DeviceSpan<int> indices, DeviceSpan<float> output, int rows, int columns) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void ScatterAdd(DeviceSpan<float> source, DeviceSpan<int> indices, DeviceSpan<float> table, int rows, int columns) => throw new NotImplementedException();
}
