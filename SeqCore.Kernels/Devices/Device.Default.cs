using SeqCore.Kernels;

namespace SeqCore;

public sealed partial record Device
{
    private static readonly Dictionary<Device, Backend> Shared = [];
    private static readonly Lock SharedGate = new();

    /// <summary>
    /// The device on which tensors and models are created unless a caller specifies another; initially the CPU. Setting it makes
    /// the <see cref="SharedBackend"/> of that device the default. Existing tensors stay where they are.
    /// </summary>
    /// <example><c>Device.Default = Device.Parse("cuda");</c></example>
    /// <exception cref="NotSupportedException">
    /// The device cannot be used; the message gives the reason. The default does not change.
    /// </exception>
    public static Device Default
    {
        get => Backend.Default.Device;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Backend.Default = value.SharedBackend;
        }
    }

    /// <summary>
    /// The backend of this device that the whole program shares, created on first use. It is <see cref="Backend.Default"/> if
    /// that runs on this device, so that tensors of both can be used together. Do not dispose it.
    /// </summary>
    /// <exception cref="NotSupportedException">The device cannot be used; the message gives the reason.</exception>
    public Backend SharedBackend
    {
        get
        {
            lock (SharedGate)
            {
                var present = Backend.Default;
                Shared[present.Device] = present;
                if (present.Device == this)
                    return present;
                if (!Shared.TryGetValue(this, out var shared))
                    Shared[this] = shared = CreateBackend();
                return shared;
            }
        }
    }
}
