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
}
