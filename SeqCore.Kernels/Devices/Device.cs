using System.Globalization;
using System.Runtime.CompilerServices;
using SeqCore.Kernels;

namespace SeqCore;

/// <summary>The kind of hardware that runs the kernels.</summary>
public enum DeviceKind
{
    /// <summary>The CPU, through SIMD instructions in managed code.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU.</summary>
    Cuda,

    /// <summary>An OpenCL device.</summary>
    OpenCl,
}

/// <summary>Identifies one device by its kind and its index among the devices of that kind.</summary>
/// <param name="Kind">The kind of hardware.</param>
/// <param name="Index">The index within the kind, from 0; always 0 for the CPU.</param>
public sealed partial record Device(DeviceKind Kind, int Index = 0)
{
    /// <summary>The CPU.</summary>
    public static readonly Device Cpu = new(DeviceKind.Cpu);

    /// <summary>Lists all devices found and, for each one that cannot be used, the reason.</summary>
    public static IReadOnlyList<DeviceInfo> List()
    {
        var list = new List<DeviceInfo> { CpuInfo() };
        // The condition is repeated where it is used, because only then do the trimmer and the AOT compiler recognise dead code.
        if (RuntimeFeature.IsDynamicCodeSupported && GpuSwitch.IsOn)
        {
            ListGpus(list);
        }
        else
        {
            list.Add(new DeviceInfo(new Device(DeviceKind.Cuda), "NVIDIA GPU", null, GpuSwitch.WhyOff));
            list.Add(new DeviceInfo(new Device(DeviceKind.OpenCl), "OpenCL device", null, GpuSwitch.WhyOff));
        }

        return list;
    }

    /// <summary>Describes this device as <see cref="List"/> does; for the CPU, without loading any GPU driver.</summary>
    public DeviceInfo GetInfo() => Kind == DeviceKind.Cpu
        ? CpuInfo()
        : List().FirstOrDefault(i => i.Device == this)
            ?? new DeviceInfo(this, "unknown device", null, "there is no such device.");

    /// <summary>Parses <c>cpu</c>, <c>cuda</c>, <c>opencl</c>, or one of the last two with <c>:index</c>.</summary>
    /// <exception cref="FormatException">The text is not the name of a device.</exception>
    public static Device Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(':');
        DeviceKind? kind = parts[0].ToLowerInvariant() switch
        {
            "cpu" => DeviceKind.Cpu,
            "cuda" => DeviceKind.Cuda,
            "opencl" => DeviceKind.OpenCl,
            _ => null,
        };
        var index = 0;
        if (kind is null || parts.Length > 2
            || (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out index)))
            throw new FormatException($"'{text}' is not the name of a device. Expected cpu, cuda, cuda:N, opencl or opencl:N.");
        if (kind == DeviceKind.Cpu && index != 0)
            throw new FormatException($"'{text}': there is one cpu device. Use cpu, and --threads for the number of cores.");
        return new Device(kind.Value, index);
    }

    /// <summary>Makes the backend that runs kernels on this device.</summary>
    /// <param name="threads">The number of threads of a CPU backend; 0 takes one per logical core.</param>
    /// <exception cref="NotSupportedException">This program or machine cannot use the device; the message gives the
    /// reason.</exception>
    public Backend CreateBackend(int threads = 0)
    {
        if (Kind == DeviceKind.Cpu)
            return new CpuBackend(threads);
        if (RuntimeFeature.IsDynamicCodeSupported && GpuSwitch.IsOn)
            return CreateGpu();
        throw new NotSupportedException($"{this}: {GpuSwitch.WhyOff} Use the cpu device.");
    }

    /// <summary>Returns the text that <see cref="Parse"/> accepts.</summary>
    public override string ToString() => Kind == DeviceKind.Cpu ? "cpu" : $"{Kind.ToString().ToLowerInvariant()}:{Index}";

    private static DeviceInfo CpuInfo() =>
        new(Cpu, $"{Environment.ProcessorCount} logical cores, {Simd.Description}",
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, null);
}

/// <summary>Describes a device and whether it can be used.</summary>
/// <param name="Device">The device.</param>
/// <param name="Description">A description for people.</param>
/// <param name="Memory">Its memory in bytes; null if unknown.</param>
/// <param name="UnusableReason">The reason why it cannot be used; null if it can.</param>
public sealed record DeviceInfo(Device Device, string Description, long? Memory, string? UnusableReason);
