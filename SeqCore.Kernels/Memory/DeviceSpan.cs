namespace SeqCore.Kernels;

/// <summary>
/// A contiguous range of elements in a device's memory that a kernel reads or writes. It keeps the buffer alive but does not own
/// it.
/// </summary>
/// <typeparam name="T">float for values, int for indices.</typeparam>
public readonly struct DeviceSpan<T> where T : unmanaged
{
    /// <summary>Makes a span over a part of a buffer.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <param name="offset">The first element, counted in elements.</param>
    /// <param name="length">The number of elements.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range exceeds the buffer.</exception>
    public DeviceSpan(DeviceBuffer buffer, int offset, int length)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            (offset + (long)length) * System.Runtime.CompilerServices.Unsafe.SizeOf<T>(), buffer.Bytes, nameof(length));
        Buffer = buffer;
        Offset = offset;
        Length = length;
    }

    /// <summary>The buffer; null for an absent (default) span.</summary>
    public DeviceBuffer? Buffer { get; }

    /// <summary>The first element, counted in elements.</summary>
    public int Offset { get; }

    /// <summary>The number of elements.</summary>
    public int Length { get; }

    /// <summary>Whether this is the default span, which represents an omitted argument.</summary>
    public bool IsAbsent => Buffer is null;

    /// <summary>Returns a part of this span.</summary>
    public DeviceSpan<T> Slice(int start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + (long)length, Length, nameof(length));
        return Buffer is null ? default : new DeviceSpan<T>(Buffer, Offset + start, length);
    }

    /// <summary>Returns the elements as host memory if the device is the CPU.</summary>
    /// <exception cref="InvalidOperationException">The memory is on another device; copy it with Download.</exception>
    public unsafe Span<T> AsHostSpan() => Buffer switch
    {
        null => default,
        CpuBuffer => new Span<T>(Pointer(), Length),
        _ => throw new InvalidOperationException($"The memory is on {Buffer.Backend.Device}; copy it to the host first."),
    };

    /// <summary>Returns the address of the first element on the CPU; null for an absent span.</summary>
    internal unsafe T* Pointer() => Buffer is null ? null : (T*)((CpuBuffer)Buffer).Pointer + Offset;
}
