using System.Globalization;

namespace SeqCore;

/// <summary>Thrown when a device fails: its memory is full, its driver too old, or a kernel failed.</summary>
/// <param name="device">The device.</param>
/// <param name="message">What went wrong, and what to do about it.</param>
/// <param name="inner">The exception of the driver or the compiler.</param>
public class DeviceException(Device device, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The device that failed.</summary>
    public Device Device { get; } = device;
}

/// <summary>Thrown when a device does not have enough memory for a request.</summary>
public sealed class DeviceMemoryException(Device device, long requested, string message, Exception? inner = null)
    : DeviceException(device, message, inner)
{
    /// <summary>The number of bytes requested.</summary>
    public long Requested { get; } = requested;

    /// <summary>Makes the exception for memory of this process, native or managed.</summary>
    /// <param name="what">What needs the memory; the message begins with it.</param>
    /// <param name="requested">The number of bytes requested.</param>
    /// <param name="inner">The exception of .NET, if there is one.</param>
    internal static DeviceMemoryException OfProcess(string what, long requested, OutOfMemoryException? inner = null) =>
        new(Device.Cpu, requested, string.Create(CultureInfo.InvariantCulture,
            $"{what}: the system has no memory for {Math.Ceiling(requested / (double)(1 << 20)):N0} MB more.")
            + " Use a smaller batch or shorter sequences, dispose tapes and tensors, or use less data.", inner);
}
