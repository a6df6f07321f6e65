namespace SeqCore.Kernels;

/// <summary>Views of memory as another type.</summary>
internal static class DeviceSpans
{
    /// <summary>
    /// Returns integers as the floats with the same bits, for what only moves or checks them; an absent span stays absent.
    /// </summary>
    internal static DeviceSpan<float> AsFloats(this DeviceSpan<int> span) =>
        span.Buffer is null ? default : new DeviceSpan<float>(span.Buffer, span.Offset, span.Length);
}
