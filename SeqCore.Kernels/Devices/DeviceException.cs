using System.Globalization;

namespace SeqCore;

/// <summary>A device could not do what it was asked for: its memory is full, its driver too old, or a kernel failed.</summary>
/// <param name="device">Which device.</param>
/// <param name="message">What went wrong, and what to do.</param>
/// <param name="inner">What the driver or the compiler said.</param>
public class DeviceException(Device device, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Which device.</summary>
    public Device Device { get; } = device;
}

/// <summary>A device has no memory left for a request.</summary>
public sealed class DeviceMemoryException(Device device, long requested, string message, Exception? inner = null)
    : DeviceException(device, message, inner)
{
    /// <summary>Bytes asked for.</summary>
    public long Requested { get; } = requested;

    /// <summary>The error for memory of this process, native or managed.</summary>
    /// <param name="what">What needs it.</param>
    /// <param name="requested">Bytes asked for.</param>
    /// <param name="inner">What .NET said, if it did.</param>
    internal static DeviceMemoryException OfProcess(string what, long requested, OutOfMemoryException? inner = null) =>
        new(Device.Cpu, requested, string.Create(CultureInfo.InvariantCulture,
            $"{what}: the system has no memory for {Math.Ceiling(requested / (double)(1 << 20)):N0} MB more.")
            + " Use a smaller batch or shorter sequences, dispose tapes and tensors, or take a part of the data.", inner);
}
