using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

/// <summary>
/// Decides whether this program may use GPUs. The package's targets turn the switch off for programs that are trimmed or compiled
/// ahead of time; that removes every reference to ILGPU, so that ILGPU is not published.
/// </summary>
internal static class GpuSwitch
{
    private const string Name = "SeqCore.Kernels.Gpu";

    /// <summary>Whether the program keeps its GPU kernels; on by default.</summary>
    [FeatureSwitchDefinition(Name)]
    internal static bool IsOn => !AppContext.TryGetSwitch(Name, out var isOn) || isOn;

    /// <summary>The reason why this program cannot use GPUs even if the machine has some, and the remedy.</summary>
    internal static string WhyOff => RuntimeFeature.IsDynamicCodeSupported
        ? $"this program was published without GPU kernels (its switch {Name} is off). "
            + "Set the property SeqCoreGpu to true to keep them."
        : "GPU kernels are compiled while the program runs, which a program compiled ahead of time cannot do. "
            + "Leave out PublishAot, or set it to false.";
}
