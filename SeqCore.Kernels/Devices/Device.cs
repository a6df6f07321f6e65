using System.Globalization;
using System.Runtime.CompilerServices;
using SeqCore.Kernels;

namespace SeqCore;

/// <summary>The kind of hardware that runs the kernels.</summary>
public enum DeviceKind
{
    /// <summary>The processor, through SIMD instructions in managed code.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU.</summary>
    Cuda,

    /// <summary>An OpenCL device.</summary>
    OpenCl,
}

/// <summary>Names one device: its kind and its index among the devices of that kind.</summary>
/// <param name="Kind">The kind of hardware.</param>
/// <param name="Index">Counted from 0 within the kind; always 0 for the CPU.</param>
public sealed partial record Device(DeviceKind Kind, int Index = 0)
{
    /// <summary>The processor.</summary>
    public static readonly Device Cpu = new(DeviceKind.Cpu);

    /// <summary>Lists every device found and, for each one that is not usable, the reason.</summary>
    public static IReadOnlyList<DeviceInfo> List()
    {
        var list = new List<DeviceInfo> { CpuInfo() };
        // The whole condition stands where it is used, since only so the trimmer and the compiler ahead of time see dead code.
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

    /// <summary>Describes this device as <see cref="List"/> does; for the CPU, without a look at any GPU's driver.</summary>
    public DeviceInfo GetInfo() => Kind == DeviceKind.Cpu
        ? CpuInfo()
        : List().FirstOrDefault(i => i.Device == this)
            ?? new DeviceInfo(this, "unknown device", null, "there is no such device.");

    /// <summary>Reads <c>cpu</c>, <c>cuda</c>, <c>opencl</c>, or one of the last two with <c>:index</c>.</summary>
    /// <exception cref="FormatException">The text names no device.</exception>
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
            throw new FormatException($"'{text}' names no device. Expected cpu, cuda, cuda:N, opencl or opencl:N.");
        if (kind == DeviceKind.Cpu && index != 0)
            throw new FormatException($"'{text}': there is one cpu device. Use cpu, and --threads for the number of cores.");
        return new Device(kind.Value, index);
    }

    /// <summary>Makes the backend that runs kernels on this device.</summary>
    /// <param name="threads">Threads of the CPU backend; 0 takes one per logical core.</param>
    /// <exception cref="NotSupportedException">This program or machine cannot use it; the message says why.</exception>
    public Backend CreateBackend(int threads = 0)
    {
        if (Kind == DeviceKind.Cpu)
            return new CpuBackend(threads);
        if (RuntimeFeature.IsDynamicCodeSupported && GpuSwitch.IsOn)
            return CreateGpu();
        throw new NotSupportedException($"{this}: {GpuSwitch.WhyOff} Use the cpu device.");
    }

    /// <summary>The text that <see cref="Parse"/> reads back.</summary>
    public override string ToString() => Kind == DeviceKind.Cpu ? "cpu" : $"{Kind.ToString().ToLowerInvariant()}:{Index}";

    private static DeviceInfo CpuInfo() =>
        new(Cpu, $"{Environment.ProcessorCount} logical cores, {Simd.Description}",
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, null);
}

/// <summary>A device that was looked for, and whether it can be used.</summary>
/// <param name="Device">Which device.</param>
/// <param name="Description">What it is, for a person.</param>
/// <param name="Memory">Its memory in bytes, where known.</param>
/// <param name="Unusable">Why it cannot be used, or null where it can.</param>
public sealed record DeviceInfo(Device Device, string Description, long? Memory, string? Unusable);
