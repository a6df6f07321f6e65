using SeqCore.Kernels;

namespace SeqCore;

public sealed partial record Device
{
    private static readonly Dictionary<Device, Backend> Shared = [];
    private static readonly Lock SharedGate = new();

    /// <summary>
    /// The device on which tensors and models are made unless a caller says otherwise; at first the CPU. Setting it makes
    /// <see cref="SharedBackend"/> of that device the default. What was made before stays where it is.
    /// </summary>
    /// <example><c>Device.Default = Device.Parse("cuda");</c></example>
    /// <exception cref="NotSupportedException">
    /// The device cannot be used; the message says why. The default stays as it was.
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
    /// The backend of this device that a whole program shares, made when it is first asked for. It is
    /// <see cref="Backend.Default"/> where that runs on this device, so that tensors of both can be used together. Do not dispose
    /// it.
    /// </summary>
    /// <exception cref="NotSupportedException">The device cannot be used; the message says why.</exception>
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
