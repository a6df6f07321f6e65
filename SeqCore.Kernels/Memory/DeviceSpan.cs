namespace SeqCore.Kernels;

/// <summary>
/// A run of elements in a device's memory: what a kernel reads or writes. It keeps the buffer alive, not owned.
/// </summary>
/// <typeparam name="T">float for values, int for indices.</typeparam>
public readonly struct DeviceSpan<T> where T : unmanaged
{
    /// <summary>Makes a span over part of a buffer.</summary>
    /// <param name="buffer">Whose memory.</param>
    /// <param name="offset">First element, counted in elements.</param>
    /// <param name="length">Number of elements.</param>
    /// <exception cref="ArgumentOutOfRangeException">The run does not lie inside the buffer.</exception>
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

    /// <summary>The memory; null for an absent (default) span.</summary>
    public DeviceBuffer? Buffer { get; }

    /// <summary>First element.</summary>
    public int Offset { get; }

    /// <summary>Number of elements.</summary>
    public int Length { get; }

    /// <summary>Whether this is the default span, which stands for an argument left out.</summary>
    public bool IsAbsent => Buffer is null;

    /// <summary>A part of this run.</summary>
    public DeviceSpan<T> Slice(int start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + (long)length, Length, nameof(length));
        return Buffer is null ? default : new DeviceSpan<T>(Buffer, Offset + start, length);
    }

    /// <summary>The elements as host memory, where the device is the CPU.</summary>
    /// <exception cref="InvalidOperationException">The memory is on another device; copy it with Download.</exception>
    public unsafe Span<T> AsHostSpan() => Buffer switch
    {
        null => default,
        CpuBuffer => new Span<T>(Pointer(), Length),
        _ => throw new InvalidOperationException($"The memory is on {Buffer.Backend.Device}; copy it to the host first."),
    };

    /// <summary>The address of the first element on the CPU; null for an absent span.</summary>
    internal unsafe T* Pointer() => Buffer is null ? null : (T*)((CpuBuffer)Buffer).Pointer + Offset;
}
